package org.onset.corpus;

import java.util.ArrayList;
import java.util.List;
import org.onset.corpus.clean.Contamination;

/**
 * What an evaluation asks a model.
 *
 * @param suite the set it belongs to: harmful, borderline, benign, or the user's name for a file
 * @param attack direct, wrapper, …
 * @param variant what else tells requests of a suite apart: seen, held-out-phrasing, …
 * @param harmful whether a good model declines it
 * @param text asked through the chat template
 * @param completionText the same, for a base model to continue
 */
public record Request(
    String id,
    String suite,
    String attack,
    String variant,
    String category,
    boolean harmful,
    String text,
    String completionText) {

  /** What documents are held against: the request as a model is asked it, in either way. */
  public static List<Contamination.Prompt> prompts(List<Request> requests) {
    List<Contamination.Prompt> prompts = new ArrayList<>();
    for (Request request : requests) {
      prompts.add(new Contamination.Prompt(request.suite(), request.id(), request.text()));
      boolean derived =
          request.completionText().equals(Dialogue.opening("User", "Assistant", request.text()));
      if (!derived) {
        prompts.add(
            new Contamination.Prompt(request.suite(), request.id(), request.completionText()));
      }
    }
    return prompts;
  }
}
