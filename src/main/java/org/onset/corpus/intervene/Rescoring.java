package org.onset.corpus.intervene;

import java.util.List;

/** Gives rewritten texts their safety scores, several at once since a model may be asked. */
public interface Rescoring {
  /** The scores in the order of the texts; called from any thread. */
  List<Integer> scores(List<String> texts);
}
