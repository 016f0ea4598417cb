package org.onset.endpoint;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a {@link ScriptedServer} does with a request. */
public sealed interface Reply {
  /** Answers with this text as it is. */
  record Sent(int status, Map<String, String> headers, String body) implements Reply {}

  /** Promises the whole body, sends its first half, and closes the connection. */
  record CutShort(String body) implements Reply {}

  /** Closes the connection without a word. */
  record HungUp() implements Reply {}

  /** Says nothing until the server is closed. */
  record Silence() implements Reply {}

  /** A whole answer that cost 11 prompt tokens and 7 completion tokens. */
  static Reply saying(String text) {
    return saying(text, 11, 7);
  }

  static Reply saying(String text, long promptTokens, long completionTokens) {
    return json(completion(text, "stop", promptTokens, completionTokens));
  }

  /** An answer that ends with another {@code finish_reason} than {@code stop}. */
  static Reply finishing(String finishReason, String text) {
    return json(completion(text, finishReason, 11, 7));
  }

  static Reply json(ObjectNode body) {
    return json(200, body.toString());
  }

  static Reply json(int status, String body) {
    return new Sent(status, Map.of("Content-Type", "application/json"), body);
  }

  static Reply html(int status, String body) {
    return new Sent(status, Map.of("Content-Type", "text/html"), body);
  }

  /** An error as OpenAI words it. */
  static Reply error(int status, String message) {
    return json(status, errorBody(message));
  }

  static Reply error(int status, String message, Map<String, String> headers) {
    return new Sent(status, headers, errorBody(message));
  }

  private static String errorBody(String message) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.putObject("error").put("message", message).put("type", "scripted").putNull("code");
    return root.toString();
  }

  /** The body of an answer, to be changed before it is sent. */
  static ObjectNode completion(
      String text, String finishReason, long promptTokens, long completionTokens) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("id", "chatcmpl-1").put("object", "chat.completion").put("created", 1_700_000_000L);
    root.put("model", "scripted");
    ObjectNode choice = root.putArray("choices").addObject();
    choice.put("index", 0).put("finish_reason", finishReason);
    choice.putObject("message").put("role", "assistant").put("content", text);
    root.putObject("usage")
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens)
        .put("total_tokens", promptTokens + completionTokens);
    return root;
  }

  /** A script that takes these one after the other, the last for ever. */
  static ScriptedServer.Script inTurn(Reply... replies) {
    List<Reply> all = List.of(replies);
    return (_, number) -> all.get(Math.min(number, all.size()) - 1);
  }
}
