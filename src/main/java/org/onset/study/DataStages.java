package org.onset.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.corpus.Source;
import org.onset.corpus.pipeline.CorpusInputs;
import org.onset.corpus.pipeline.StreamEncoder;
import org.onset.study.spec.DataSpec;
import org.onset.study.spec.DataSpec.FilesData;
import org.onset.study.spec.DataSpec.WorldData;
import org.onset.study.spec.StudySpec;
import org.onset.study.spec.StudySpec.TokenizerSpec;
import org.onset.token.BytePairTrainer;
import org.onset.token.Packing;
import org.onset.token.ParallelWordCount;
import org.onset.token.SpecialTokens;
import org.onset.token.Tokenizer;
import org.onset.token.WindowWriter;
import org.onset.token.WordTokenizer;
import org.onset.world.World;

/** The stages that make text, and tokens of it. */
final class DataStages {
  private static final int CORPUS_VERSION = 3;
  private static final int TOKENS_VERSION = 2;

  /** What packing left out, stream by stream. */
  static final String PACKING = "packing.json";

  /** Some chat templates write the date; on another day a study must make the same tokens. */
  static final Clock ONE_DAY = Clock.fixed(Instant.parse("2025-01-01T12:00:00Z"), ZoneOffset.UTC);

  private final StudySpec spec;
  private final ArtifactStore store;
  private final String sparkMaster;

  DataStages(StudySpec spec, ArtifactStore store, String sparkMaster) {
    this.spec = spec;
    this.store = store;
    this.sparkMaster = sparkMaster;
  }

  static Path tokenizerFolder(Path tokens) {
    return tokens.resolve("tokenizer");
  }

  /**
   * The tokenizer that a node, one that packs tokens or copies a model, left behind. Of a model the
   * whole folder is opened, since its configuration names tokens that end a text, too.
   */
  static Tokenizer tokenizer(ArtifactStore store, Node node) {
    Path artifact = store.folder(node.artifact());
    boolean ofModel = node.stage() == Node.Stage.MODEL;
    return Tokenizer.open(
        ofModel ? TrainingStages.modelFolder(artifact) : tokenizerFolder(artifact), ONE_DAY);
  }

  static Path shard(Path tokens, String stream) {
    return tokens.resolve("streams").resolve(stream);
  }

  Node corpus() {
    DataSpec data = spec.data();
    Map<String, Object> inputs = new LinkedHashMap<>();
    WorldData world = data.world();
    FilesData files = data.files();
    if (world != null) {
      inputs.put("world", world);
    }
    if (files != null) {
      inputs.put("files", fingerprint(files));
    }
    return new Node(
        Node.Stage.CORPUS,
        "corpus",
        Artifact.of("corpus", CORPUS_VERSION, inputs),
        List.of(),
        1,
        (output, _, progress) -> {
          CorpusFolder folder = new CorpusFolder(output);
          if (world != null) {
            folder.write(WorldCorpus.make(world));
          } else if (files != null) {
            Path kept = store.keptCorpora();
            folder.write(FilesCorpus.make(spec.name(), files, folder, kept, sparkMaster, progress));
          } else {
            throw new IllegalStateException("a study without data");
          }
        });
  }

  /** Of all that determines the corpus, wherever its files lie. */
  private String fingerprint(FilesData files) {
    List<Object> declared =
        List.of(
            files.heldAgainstSuites().cleaning(),
            files.corpus().scoring().labelled(),
            files.dialogues(),
            files.streams(),
            files.requests(),
            files.probes());
    String besides = withDigests(declared.toString(), files.sources());
    try {
      return Fingerprint.of(
          besides + CorpusInputs.fingerprint(files.corpus(), store.keptCorpora()));
    } catch (BadInput missing) { // running says so
      return Fingerprint.of(besides + missing.getMessage());
    } catch (IOException e) {
      throw new BadInput("data.files.corpus: can't be read (" + e.getMessage() + ")");
    }
  }

  /** Sources as declared, each path replaced by the digest of what lies there. */
  private static String withDigests(String declared, List<Source> sources) {
    List<Path> paths =
        sources.stream()
            .map(Source::path)
            .distinct()
            // The longest first: one path may be the beginning of another.
            .sorted(Comparator.comparingInt(path -> -path.toString().length()))
            .toList();
    for (Path path : paths) {
      try {
        String digest = Files.exists(path) ? Fingerprint.ofFile(path) : "missing";
        // Ids of items hold the file's name.
        declared = declared.replace(path.toString(), path.getFileName() + " " + digest);
      } catch (IOException e) {
        throw new BadInput(path + ": can't be read (" + e.getMessage() + ")");
      }
    }
    return declared;
  }

  /**
   * The tokenizer of the arms that are pretrained, and every stream packed into windows of their
   * context.
   */
  Node tokens(Node corpus) {
    TokenizerSpec tokenizer = spec.pretrained().tokenizer();
    int contextLength = spec.pretrained().training().contextLength();
    Artifact artifact =
        Artifact.of(
            "tokens",
            TOKENS_VERSION,
            Map.of(
                "corpus",
                corpus.artifact().key(),
                "tokenizer",
                tokenizer,
                "contextLength",
                contextLength,
                "separate",
                spec.data().separateStreams()));
    return new Node(
        Node.Stage.TOKENS,
        "tokens",
        artifact,
        List.of(corpus),
        spec.data().streams().size(),
        (output, _, progress) -> {
          CorpusFolder texts = new CorpusFolder(store.folder(corpus.artifact()));
          Path folder = tokenizerFolder(output);
          makeTokenizer(tokenizer, texts, folder);
          try (Tokenizer words = Tokenizer.open(folder)) {
            Map<String, Packing> packing = new LinkedHashMap<>();
            for (String stream : spec.data().streams()) {
              packing.put(stream, pack(texts, words, stream, shard(output, stream)));
              progress.advance(1);
            }
            JsonLines.writeJson(output.resolve(PACKING), packing);
          }
        });
  }

  /** The size that the tokenizer will have. */
  static int vocabSize(StudySpec spec) {
    Integer asked = spec.pretrained().tokenizer().vocabSize();
    WorldData world = spec.data().world();
    if (asked != null || world == null) {
      return asked == null ? 0 : asked;
    }
    int unknown = 1;
    return SpecialTokens.all().size() + unknown + World.generate(world.spec()).vocabulary().size();
  }

  private void makeTokenizer(TokenizerSpec tokenizer, CorpusFolder texts, Path folder)
      throws IOException {
    WorldData world = spec.data().world();
    switch (tokenizer.kind()) {
      case WORDS -> {
        if (world == null) {
          throw new BadInput("tokenizer.kind: words are for the built-in world; use byte-pairs");
        }
        WordTokenizer.write(World.generate(world.spec()).vocabulary(), folder);
      }
      case BYTE_PAIRS -> {
        Integer vocabSize = tokenizer.vocabSize();
        if (vocabSize == null) {
          throw new IllegalStateException("a byte-pair tokenizer without a size");
        }
        try (ParallelWordCount words =
            new ParallelWordCount(Runtime.getRuntime().availableProcessors())) {
          for (String stream : spec.data().streams()) {
            // The tag would be counted as words, and unsafe text stands in `unsafe` already.
            if (!spec.data().isTagged(stream)) {
              texts.readStream(stream, text -> words.add(text.text()));
            }
          }
          BytePairTrainer.train(words.finish(), "tokenizer.vocabSize", vocabSize, folder);
        }
      }
    }
  }

  /**
   * A stream in whose texts no window fits has no shard; a mixture that draws on it is refused
   * later.
   */
  private Packing pack(CorpusFolder texts, Tokenizer tokenizer, String stream, Path shard)
      throws IOException {
    StreamEncoder encoder = new StreamEncoder(spec.data().rules(), tokenizer);
    WindowWriter.Shape shape =
        new WindowWriter.Shape(
            spec.pretrained().training().contextLength(),
            tokenizer.endOfText(),
            tokenizer.vocabSize());
    Files.createDirectories(shard.getParent());
    WindowWriter windows =
        spec.data().separateStreams().contains(stream)
            ? WindowWriter.separate(shard, shape)
            : WindowWriter.joined(shard, shape, encoder.isMasked(stream));
    try (windows) {
      texts.readStream(stream, text -> windows.add(encoder.encode(stream, text)));
    }
    return windows.packing();
  }
}
