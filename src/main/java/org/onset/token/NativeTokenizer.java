package org.onset.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.onset.BadInput;

/** Opens Hugging Face's tokenizers library, which then neither cuts a text nor pads it. */
final class NativeTokenizer {
  private NativeTokenizer() {}

  /**
   * @param json a {@code tokenizer.json}
   * @param name what to call it in a complaint
   */
  static HuggingFaceTokenizer load(byte[] json, String name) {
    // Unless told so, the binding reports its use to its makers, and may fetch a library for CUDA.
    System.getProperties().putIfAbsent("OPT_OUT_TRACKING", "true");
    System.getProperties().putIfAbsent("RUST_FLAVOR", "cpu");
    LibUtils.checkStatus();
    Map<String, String> options =
        Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      throw new BadInput(
          "%s: the tokenizers library can't read it: %s".formatted(name, e.getMessage()));
    }
  }
}
