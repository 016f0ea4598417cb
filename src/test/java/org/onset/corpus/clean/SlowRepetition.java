package org.onset.corpus.clean;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The repetition in a text by its definitions, with strings, patterns and no thought of speed. */
final class SlowRepetition {
  private static final String ALONE =
      "[\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}ーｰ&&[\\p{L}\\p{N}]]";
  private static final String AFTER = "[\\p{M}\\p{Cf}\uff9e\uff9f]";
  private static final String SPACE = "[\\p{Z}\\s\\u001c-\\u001f]";

  /** White space before it, and the piece: a letter alone, a run of letters, a run of a symbol. */
  private static final Pattern PIECE =
      Pattern.compile(
          ("(?<space>%3$s?)(?:(?<word>%1$s%2$s*|(?!%1$s)[\\p{L}\\p{N}](?:%2$s|(?!%1$s)[\\p{L}\\p{N}])*)"
                  + "|(?<symbol>[^\\p{M}\\p{Cf}\\p{Z}\\s])(?:[\\p{M}\\p{Cf}]*\\k<symbol>)*)")
              .formatted(ALONE, AFTER, SPACE));

  private record Piece(String text, boolean spaced) {}

  private final List<String> lines = new ArrayList<>();
  private final List<String> paragraphs = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();

  SlowRepetition(String text) {
    List<String> paragraph = new ArrayList<>();
    for (String line : (text + "\n\n").split("\r\n|\r|\n", -1)) {
      if (line.matches(SPACE + "*")) {
        if (!paragraph.isEmpty()) {
          paragraphs.add(String.join("\n", paragraph));
          paragraph.clear();
        }
      } else {
        lines.add(line);
        paragraph.add(line);
      }
    }
    Matcher matcher = PIECE.matcher(text);
    int end = 0;
    while (matcher.find()) {
      boolean spaced =
          Pattern.compile(SPACE).matcher(text.substring(end, matcher.end("space"))).find();
      String piece = matcher.group().substring(matcher.group("space").length());
      String seen =
          matcher.group("symbol") == null ? piece : piece.replaceAll("[\\p{M}\\p{Cf}]", "");
      pieces.add(new Piece(seen, spaced));
      end = matcher.end();
    }
  }

  Repeats lines() {
    return repeats(lines);
  }

  Repeats paragraphs() {
    return repeats(paragraphs);
  }

  int pieceCount() {
    return pieces.size();
  }

  int charactersInTop(int n) {
    Map<List<String>, List<Integer>> starts = new LinkedHashMap<>();
    for (int i = 0; i + n <= pieces.size(); i++) {
      List<Integer> before = starts.computeIfAbsent(gram(i, n), _ -> new ArrayList<>());
      if (before.isEmpty() || i >= before.getLast() + n) {
        before.add(i);
      }
    }
    List<Integer> top = List.of();
    for (List<Integer> occurrences : starts.values()) {
      if (occurrences.size() > top.size()) {
        top = occurrences;
      }
    }
    int characters = 0;
    for (int start : top) {
      characters += length(start, n);
      for (Piece piece : pieces.subList(start + 1, start + n)) {
        characters += piece.spaced() ? 1 : 0;
      }
    }
    return top.size() > 1 ? characters : 0;
  }

  int charactersInRepeated(int n) {
    List<List<String>> met = new ArrayList<>();
    int characters = 0;
    int i = 0;
    while (i + n <= pieces.size()) {
      if (met.contains(gram(i, n))) {
        characters += length(i, n);
        i += n;
      } else {
        met.add(gram(i, n));
        i++;
      }
    }
    return characters;
  }

  private List<String> gram(int start, int n) {
    return pieces.subList(start, start + n).stream().map(Piece::text).toList();
  }

  private int length(int start, int n) {
    return gram(start, n).stream().mapToInt(SlowRepetition::codePoints).sum();
  }

  private static Repeats repeats(List<String> all) {
    int repeated = 0;
    int characters = 0;
    for (int i = 0; i < all.size(); i++) {
      if (all.subList(0, i).contains(all.get(i))) {
        repeated++;
        characters += codePoints(all.get(i));
      }
    }
    return new Repeats(all.size(), repeated, characters);
  }

  private static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
