package org.onset.endpoint;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.onset.Fingerprint;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is asked of a model; equal requests have equal answers, so a second sample needs another
 * seed.
 *
 * @param maxTokens the longest answer; sent as {@code max_tokens}, the one spelling that every
 *     compatible server knows
 */
public record ChatRequest(
    List<ChatMessage> messages, int maxTokens, double temperature, long seed) {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FORMAT = 1;
  private static final int BYTES_PER_TOKEN = 4;
  // What chat templates add: role, markers and line breaks to each turn (3 to 8 tokens in those
  // known), to the whole at most a sentence or two in the name of the system.
  private static final int TOKENS_AROUND_A_MESSAGE = 16;
  private static final int TOKENS_AROUND_ALL = 64;

  public ChatRequest {
    messages = List.copyOf(messages);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("a request needs at least one message");
    }
    if (maxTokens <= 0) {
      throw new IllegalArgumentException("maxTokens must be above 0, was " + maxTokens);
    }
    if (!(temperature >= 0 && temperature <= 2)) {
      throw new IllegalArgumentException("temperature must lie in [0, 2], was " + temperature);
    }
    temperature += 0.0; // -0.0 asks the same as 0.0, and must not have another digest
  }

  /**
   * The name of this request when {@code model} is asked. The server's address is not part of it:
   * the same model moves between hosts and ports, on a cluster with every job, and what it has
   * answered must not be paid for again. Who serves another model under the same name gives it
   * another cache folder.
   */
  String digest(String model) {
    ObjectNode canonical = JSON.createObjectNode();
    canonical.put("format", FORMAT);
    canonical.put("model", model);
    ArrayNode turns = canonical.putArray("messages");
    for (ChatMessage message : messages) {
      turns
          .addObject()
          .put("role", message.role().name().toLowerCase(Locale.ROOT))
          .put("content", message.content());
    }
    canonical.put("max_tokens", maxTokens);
    canonical.put("temperature", temperature);
    canonical.put("seed", seed);
    return Fingerprint.of(JSON.writeValueAsBytes(canonical));
  }

  /** The prompt's likely length, rounded up: four bytes of UTF-8 a token. */
  long estimatedPromptTokens() {
    return Math.ceilDiv(promptBytes(), BYTES_PER_TOKEN);
  }

  /**
   * What an answer can cost at most. No tokenizer in use makes more tokens than bytes, so a budget
   * that has room for this can't be overdrawn, whatever the language.
   */
  long worstCaseTokens() {
    return promptBytes()
        + (long) TOKENS_AROUND_A_MESSAGE * messages.size()
        + TOKENS_AROUND_ALL
        + maxTokens;
  }

  private long promptBytes() {
    return messages.stream()
        .mapToLong(message -> message.content().getBytes(StandardCharsets.UTF_8).length)
        .sum();
  }
}
