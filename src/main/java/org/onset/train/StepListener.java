package org.onset.train;

/** Is told how a run goes, on the thread that trains. */
public interface StepListener {
  void onStep(StepReport report);

  /** Something that the user should know, but that doesn't stop the run. */
  void onWarning(String message);
}
