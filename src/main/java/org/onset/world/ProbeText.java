package org.onset.world;

/**
 * A text of eleven words and a full stop, for probes that tell harmful from safe text.
 *
 * @param topic the hazard or the good the text is about; no topic is in both folds
 * @param test whether the text belongs to the test fold
 */
public record ProbeText(String id, String text, boolean harmful, String topic, boolean test) {}
