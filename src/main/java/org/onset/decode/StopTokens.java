package org.onset.decode;

/** The tokens that end a completion: few, so that looking through them is fastest. */
final class StopTokens {
  private StopTokens() {}

  static boolean contains(int[] stopTokens, int token) {
    for (int stopToken : stopTokens) {
      if (stopToken == token) {
        return true;
      }
    }
    return false;
  }
}
