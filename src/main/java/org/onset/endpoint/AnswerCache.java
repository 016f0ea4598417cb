package org.onset.endpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.onset.Fingerprint;
import org.onset.WholeFile;
import org.onset.endpoint.Answer.Complete;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Whole answers on disk, by the digest of their request; the package's description has the format.
 */
final class AnswerCache {
  /** What lies under a digest. */
  sealed interface Lookup {
    record Found(Complete answer) implements Lookup {}

    record Absent() implements Lookup {}

    record Damaged() implements Lookup {}
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int VERSION = 1;
  private static final int FOLDER_DIGITS = 2;

  private final Path folder;

  AnswerCache(Path folder) {
    this.folder = folder;
  }

  Lookup find(String digest) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file(digest));
    } catch (NoSuchFileException _) {
      return new Lookup.Absent();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file(digest), e);
    }
    try {
      JsonNode root = JSON.readTree(bytes);
      Complete answer =
          new Complete(
              root.path("text").asString(""),
              root.path("promptTokens").asLong(-1),
              root.path("completionTokens").asLong(-1));
      // Whole is what could have been written: any changed byte shows, since the digest is of all.
      return Arrays.equals(bytes, content(digest, answer))
          ? new Lookup.Found(answer)
          : new Lookup.Damaged();
    } catch (JacksonException _) {
      return new Lookup.Damaged();
    }
  }

  void store(String digest, Complete answer) {
    WholeFile.write(file(digest), content(digest, answer));
  }

  private Path file(String digest) {
    return folder.resolve(digest.substring(0, FOLDER_DIGITS)).resolve(digest + ".json");
  }

  private static byte[] content(String digest, Complete answer) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", VERSION);
    root.put("request", digest);
    root.put("text", answer.text());
    root.put("promptTokens", answer.promptTokens());
    root.put("completionTokens", answer.completionTokens());
    root.put("sha256", Fingerprint.of(JSON.writeValueAsBytes(root)));
    return (JSON.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
