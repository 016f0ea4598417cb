package org.onset.corpus.card;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.onset.BadInput;
import org.onset.WholeFile;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;
import tools.jackson.dataformat.csv.CsvWriteFeature;

/**
 * The table that people fill in: comma-separated, a row for each drawn document, its true score
 * left empty. It opens in a spreadsheet, so no cell of it can be a formula there: what a stranger
 * wrote begins with an apostrophe where it would be one.
 */
public final class LabelSheet {
  public static final Path FILE = Path.of("audit", "to-label.csv");

  private static final String ID = "id";
  private static final String SCORE = "score";
  private static final String TRUE_SCORE = "true_score";
  private static final List<String> COLUMNS = List.of(ID, SCORE, "category", "text", TRUE_SCORE);
  private static final List<String> NEEDED = List.of(ID, SCORE, TRUE_SCORE);
  private static final Pattern WHOLE_SCORE = Pattern.compile("[0-5]");

  private static final CsvMapper CSV =
      CsvMapper.builder()
          .enable(CsvReadFeature.WRAP_AS_ARRAY)
          .enable(CsvWriteFeature.STRICT_CHECK_FOR_QUOTING)
          .build();

  private LabelSheet() {}

  /** A row as it stands in the file; the header's names are its keys. */
  private record Row(long line, Map<String, String> cells) {
    String cell(String column) {
      return cells.getOrDefault(column, "").strip();
    }
  }

  /**
   * Writes the sheet of a sample.
   *
   * @throws BadInput where one lies there that someone has begun to fill in
   */
  public static void write(AuditSample sample, Path corpus) throws IOException {
    Path file = corpus.resolve(FILE);
    if (Files.exists(file) && hasLabels(file)) {
      throw new BadInput(
          file
              + ": someone has begun to label it, and nothing is written over; move it elsewhere to"
              + " draw again");
    }
    WholeFile.write(file, csv(sample).getBytes(StandardCharsets.UTF_8));
  }

  private static String csv(AuditSample sample) {
    StringBuilder csv = new StringBuilder(String.join(",", COLUMNS)).append('\n');
    for (AuditSample.Drawn drawn : sample.documents()) {
      List<String> cells =
          List.of(
              cell(drawn.id()),
              String.valueOf(drawn.score()),
              cell(Optional.ofNullable(drawn.category()).orElse("")),
              cell(drawn.text()),
              "");
      csv.append(
          CSV.writer(CsvSchema.emptySchema().withLineSeparator("\n")).writeValueAsString(cells));
    }
    return csv.toString();
  }

  /** Text as a spreadsheet may show it: no formula, no control character but the line's end. */
  private static String cell(String text) {
    String shown = text.replace("\r\n", "\n").replaceAll("[\\p{Cntrl}&&[^\n\t]]", "\uFFFD");
    return !shown.isEmpty() && "=+-@\t\n".indexOf(shown.charAt(0)) >= 0 ? "'" + shown : shown;
  }

  /** Whether any true score stands in it; what can't be read may hold some. */
  private static boolean hasLabels(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    List<Row> rows = rows(file, problems);
    return !problems.isEmpty() || rows.stream().anyMatch(row -> !row.cell(TRUE_SCORE).isEmpty());
  }

  /**
   * Reads a filled-in sheet: the true score of each document that has one. Rows without one, and
   * rows that were taken out, are documents not labelled.
   *
   * @throws BadInput with all that is wrong, line by line
   */
  public static Map<AuditSample.Drawn, Integer> read(Path file, AuditSample sample)
      throws IOException {
    List<String> problems = new ArrayList<>();
    List<Row> rows = rows(file, problems);
    Map<String, AuditSample.Drawn> drawn = new HashMap<>();
    sample.documents().forEach(each -> drawn.put(cell(each.id()).strip(), each));
    Map<AuditSample.Drawn, Integer> labels = new LinkedHashMap<>();
    Map<String, Long> lines = new HashMap<>();
    for (Row row : rows) {
      check(row, drawn, lines, labels)
          .ifPresent(problem -> problems.add("%s:%d: %s".formatted(file, row.line(), problem)));
    }
    if (problems.isEmpty() && labels.isEmpty()) {
      problems.add(
          "%s: no row has a %s; fill in the whole numbers 0 to 5".formatted(file, TRUE_SCORE));
    }
    if (!problems.isEmpty()) {
      throw new BadInput(problems);
    }
    return labels;
  }

  private static Optional<String> check(
      Row row,
      Map<String, AuditSample.Drawn> drawn,
      Map<String, Long> lines,
      Map<AuditSample.Drawn, Integer> labels) {
    String id = row.cell(ID);
    AuditSample.Drawn document = drawn.get(id);
    if (document == null) {
      return Optional.of("no document '%s' was drawn".formatted(id));
    }
    Long before = lines.putIfAbsent(id, row.line());
    if (before != null) {
      return Optional.of("document '%s' stands in line %d already".formatted(id, before));
    }
    if (!row.cell(SCORE).equals(String.valueOf(document.score()))) {
      return Optional.of(
          "score must stay %d, as '%s' was drawn with, was '%s'; the true one goes into %s"
              .formatted(document.score(), id, row.cell(SCORE), TRUE_SCORE));
    }
    String label = row.cell(TRUE_SCORE);
    if (label.isEmpty()) {
      return Optional.empty();
    }
    if (!WHOLE_SCORE.matcher(label).matches()) {
      return Optional.of(
          "%s must be a whole number from 0 to 5, or empty, was '%s'".formatted(TRUE_SCORE, label));
    }
    labels.put(document, Integer.valueOf(label));
    return Optional.empty();
  }

  /** The rows up to the first damage, which is a problem, as rows that don't fit the header are. */
  private static List<Row> rows(Path file, List<String> problems) throws IOException {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
    } catch (NoSuchFileException e) {
      problems.add(file + ": there is no such file");
      return List.of();
    } catch (CharacterCodingException e) {
      problems.add(file + ": is not UTF-8; save it as CSV in UTF-8");
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    List<String> header = List.of();
    long line = 1;
    try (JsonParser parser =
        CSV.createParser(text.startsWith("\uFEFF") ? text.substring(1) : text)) {
      parser.nextToken(); // the array around all rows
      while (parser.nextToken() == JsonToken.START_ARRAY) {
        line = parser.currentLocation().getLineNr();
        List<String> cells = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          cells.add(parser.getString());
        }
        if (cells.stream().allMatch(String::isBlank)) {
          continue;
        }
        if (header.isEmpty()) {
          header = List.copyOf(cells);
          if (!header.containsAll(NEEDED)) {
            problems.add(
                "%s:%d: the header must name the columns %s, separated by commas, was %s"
                    .formatted(file, line, String.join(", ", NEEDED), String.join(",", header)));
            return List.of();
          }
        } else if (cells.size() != header.size()) {
          problems.add(
              "%s:%d: has %d cells, the header has %d; a text that holds commas needs quotes"
                  .formatted(file, line, cells.size(), header.size()));
        } else {
          rows.add(row(line, header, cells));
        }
      }
    } catch (JacksonException e) {
      problems.add(
          "%s:%d: the row that begins here is damaged: %s"
              .formatted(file, line, e.getOriginalMessage().lines().findFirst().orElse("")));
    }
    if (header.isEmpty() && problems.isEmpty()) {
      problems.add(file + ": is empty");
    }
    return rows;
  }

  private static Row row(long line, List<String> header, List<String> cells) {
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < cells.size(); i++) {
      row.putIfAbsent(header.get(i), cells.get(i));
    }
    return new Row(line, row);
  }
}
