package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ChatRequestTest {
  private static final List<ChatMessage> MESSAGES =
      List.of(ChatMessage.system("Be \"brief\"."), ChatMessage.user("Grüße\n😀"));

  /** Made with another implementation; a new value would leave everyone's cache behind. */
  @Test
  void theDigestIsThatOfTheDocumentedJson() {
    assertThat(new ChatRequest(MESSAGES, 50, 0.5, -7).digest("m"))
        .isEqualTo("ab469521ade56cde003429a94d2954ee2d3a935b251efd9a870764f633ebe76a");
  }

  @Test
  void everyPartOfARequestCountsInItsDigest() {
    Stream<String> digests =
        Stream.of(
            new ChatRequest(MESSAGES, 50, 0.5, 7).digest("m"),
            new ChatRequest(MESSAGES, 50, 0.5, 7).digest("n"),
            new ChatRequest(MESSAGES.reversed(), 50, 0.5, 7).digest("m"),
            new ChatRequest(MESSAGES.subList(0, 1), 50, 0.5, 7).digest("m"),
            new ChatRequest(
                    List.of(
                        ChatMessage.system("Be \"brief\"."), ChatMessage.assistant("Grüße\n😀")),
                    50,
                    0.5,
                    7)
                .digest("m"),
            new ChatRequest(MESSAGES, 51, 0.5, 7).digest("m"),
            new ChatRequest(MESSAGES, 50, 0.6, 7).digest("m"),
            new ChatRequest(MESSAGES, 50, 0.5, 8).digest("m"));

    assertThat(digests).doesNotHaveDuplicates();
  }

  @Test
  void aZeroWithASignAsksTheSame() {
    assertThat(new ChatRequest(MESSAGES, 50, -0.0, 7))
        .isEqualTo(new ChatRequest(MESSAGES, 50, 0, 7));
  }

  @Test
  void tokensAreEstimatedFromBytesAndBoundedByThem() {
    // 11 bytes and 7 + 1 + 4 bytes
    ChatRequest request = new ChatRequest(MESSAGES, 50, 0.5, 7);

    assertThat(request.estimatedPromptTokens()).isEqualTo(6);
    assertThat(request.worstCaseTokens()).isEqualTo(23 + 2 * 16 + 64 + 50);
  }

  @Test
  void whatCannotBeAskedIsRefused() {
    assertThatThrownBy(() -> new ChatRequest(List.of(), 50, 0, 7))
        .hasMessageContaining("at least one message");
    assertThatThrownBy(() -> new ChatRequest(MESSAGES, 0, 0, 7)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> new ChatRequest(MESSAGES, 50, -0.1, 7)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> new ChatRequest(MESSAGES, 50, Double.NaN, 7))
        .hasMessageContaining("NaN");
  }
}
