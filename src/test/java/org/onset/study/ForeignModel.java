package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.onset.Seeds;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.token.BytePairTrainer;
import org.onset.token.Tokenizer;

/** A folder as another stack would leave it: random weights, and nothing in it knows the tag. */
final class ForeignModel {
  private static final String TEMPLATE =
      """
      {{- 'on ' + strftime_now('%d %b %Y') + ' ' -}}
      {%- for message in messages -%}
      {{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' -}}
      {%- endfor -%}
      {%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
      """;

  private ForeignModel() {}

  /** A chat template that isn't Onset's, and that writes the date. */
  static void writeTemplate(Path folder) throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
  }

  /** The tokenizer is of byte-level pairs, learned from {@code texts}. */
  static void write(Path folder, List<String> texts, int vocabSize, int layerCount, int context)
      throws IOException {
    BytePairTrainer.train(texts, vocabSize, folder);
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(
        config, Files.readString(config).replaceFirst(" *\"onset_tag_token\".*\n", ""));
    ModelSpec spec =
        new ModelSpec(vocabSize, 16, layerCount, 2, 1, 8, 32, context, 10_000, 1e-5, true);
    try (Transformer model = Transformer.initialise(spec, new Seeds(vocabSize));
        Tokenizer tokenizer = Tokenizer.open(folder)) {
      model.save(folder, tokenizer.stopTokens());
    }
  }
}
