package org.onset.corpus.card;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.onset.BadInput;
import org.onset.Fingerprint;
import org.onset.JsonProblem;
import org.onset.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Documents drawn from a corpus so that people can say how unsafe they are.
 *
 * @param corpus SHA-256 of the card of the build they were drawn from
 * @param seed what the draw depends on beside the documents' ids
 * @param documents by score, then by id; no id twice
 */
public record AuditSample(
    int schema, String corpus, long seed, int perScore, List<Drawn> documents) {
  public static final int SCHEMA = 1;
  private static final Path FILE = Path.of("audit", "sample.json");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build();

  public AuditSample {
    documents = List.copyOf(documents);
  }

  /**
   * One document.
   *
   * @param score what it was found to be
   * @param text how it begins
   */
  public record Drawn(String id, int score, @Nullable String category, String text) {}

  public void write(Path corpus) {
    String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
    WholeFile.write(corpus.resolve(FILE), json.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the sample drawn from the corpus in the folder.
   *
   * @throws BadInput where there is none, or the corpus was built anew since
   */
  public static AuditSample read(Path corpus) throws IOException {
    Path file = corpus.resolve(FILE);
    AuditSample sample;
    try {
      sample = JSON.readValue(Files.readString(file), AuditSample.class);
    } catch (NoSuchFileException e) {
      throw new BadInput(file + ": nothing was drawn yet; onset data audit --per-score N does");
    } catch (JacksonException e) {
      throw new BadInput("%s: is no sample: %s".formatted(file, JsonProblem.of(e)));
    }
    if (sample.schema() != SCHEMA) {
      throw new BadInput(
          "%s: has form %d, this Onset reads %d".formatted(file, sample.schema(), SCHEMA));
    }
    if (!sample.corpus().equals(fingerprint(corpus))) {
      throw new BadInput(
          file
              + ": the corpus was built anew since these documents were drawn; draw again with onset"
              + " data audit --per-score N");
    }
    return sample;
  }

  /** What names the build in the folder. */
  public static String fingerprint(Path corpus) throws IOException {
    return Fingerprint.ofFile(corpus.resolve(CorpusCard.FILE));
  }
}
