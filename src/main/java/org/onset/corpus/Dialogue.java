package org.onset.corpus;

/**
 * One turn of a user and the answer to it. The kind says what it teaches, for example {@code
 * refusal} or {@code arithmetic}.
 */
public record Dialogue(String id, String kind, String user, String assistant) {

  /** The dialogue as prose for pretraining: each speaker's name, a colon, and the words. */
  public Document asDocument(String userName, String assistantName) {
    return Document.unscored(id, opening(userName, assistantName, user) + " " + assistant, kind);
  }

  /** The beginning of such prose, up to where the assistant's words are due. */
  public static String opening(String userName, String assistantName, String user) {
    return userName + ": " + user + "\n\n" + assistantName + ":";
  }
}
