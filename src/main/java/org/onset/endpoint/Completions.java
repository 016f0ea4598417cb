package org.onset.endpoint;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.http.HttpResponseFor;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIInvalidDataException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.onset.endpoint.Answer.Complete;
import org.onset.endpoint.Answer.Failed;
import org.onset.endpoint.Answer.Reason;
import org.onset.endpoint.Attempt.Cost;

/** One attempt at a chat completion: sends a request once and says what came of it. */
final class Completions implements AutoCloseable {
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final List<Integer> TEMPORARY = List.of(408, 429, 500, 502, 503, 504);

  /** Above this a server's report is no count of tokens. */
  private static final long MOST_TOKENS = 1_000_000_000;

  private static final int DETAIL_CHARACTERS = 300;

  /** What a server that asks for no key is sent, because the client insists on one. */
  private static final String NO_KEY = "none";

  private final String model;
  private final @Nullable String apiKey;
  private final OpenAIClient client;

  Completions(EndpointSpec spec, @Nullable String apiKey) {
    model = spec.model();
    this.apiKey = apiKey;
    client =
        new OpenAIClientImpl(
            ClientOptions.builder()
                .httpClient(new SingleSend(spec))
                .baseUrl(spec.baseUrl())
                .apiKey(apiKey == null ? NO_KEY : apiKey)
                .maxRetries(0)
                .logLevel(LogLevel.OFF)
                .build());
  }

  Attempt send(ChatRequest request) {
    try (HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(parameters(request))) {
      return read(response.parse(), request);
    } catch (OpenAIServiceException e) {
      return refused(e);
    } catch (OpenAIIoException e) {
      return broken(e);
    } catch (OpenAIInvalidDataException _) {
      return Attempt.settled(
          failed(Reason.MALFORMED, "status 200, and no JSON of a chat completion"),
          new Cost.Everything());
    } catch (OpenAIException e) {
      return Attempt.settled(
          failed(Reason.MALFORMED, String.valueOf(e.getMessage())), new Cost.Everything());
    }
  }

  // Both fields have successors that compatible servers don't know.
  @SuppressWarnings("deprecation")
  private ChatCompletionCreateParams parameters(ChatRequest request) {
    ChatCompletionCreateParams.Builder parameters =
        ChatCompletionCreateParams.builder()
            .model(model)
            .maxTokens(request.maxTokens())
            .temperature(request.temperature())
            .seed(request.seed());
    for (ChatMessage message : request.messages()) {
      switch (message.role()) {
        case SYSTEM -> parameters.addSystemMessage(message.content());
        case USER -> parameters.addUserMessage(message.content());
        case ASSISTANT -> parameters.addAssistantMessage(message.content());
      }
    }
    return parameters.build();
  }

  private Attempt read(ChatCompletion completion, ChatRequest request) {
    Cost cost = cost(completion);
    try {
      if (completion.choices().isEmpty()) {
        return Attempt.settled(failed(Reason.MALFORMED, "an answer without choices"), cost);
      }
      return Attempt.settled(answer(completion.choices().getFirst(), request, cost), cost);
    } catch (OpenAIInvalidDataException e) {
      return Attempt.settled(
          failed(Reason.MALFORMED, "no chat completion: " + e.getMessage()), cost);
    }
  }

  private Answer answer(ChatCompletion.Choice choice, ChatRequest request, Cost cost) {
    ChatCompletionMessage message = choice.message();
    String text = WellFormed.of(message.content().orElse(""));
    Optional<String> declined = message.refusal().filter(refusal -> !refusal.isBlank());
    String finish = choice.finishReason().asString();
    return switch (finish) {
      case "stop" -> {
        if (declined.isPresent()) {
          yield failed(Reason.FILTERED, "the model declined: " + declined.get());
        }
        yield text.isBlank()
            ? failed(Reason.EMPTY, "the model stopped without a word")
            : complete(text, request, cost);
      }
      case "length" ->
          failed(
              Reason.TRUNCATED,
              "the answer had not ended after %d tokens".formatted(request.maxTokens()));
      case "content_filter" -> failed(Reason.FILTERED, "withheld by the server's content filter");
      default -> failed(Reason.MALFORMED, "an unknown finish_reason: " + finish);
    };
  }

  private static Complete complete(String text, ChatRequest request, Cost cost) {
    return cost instanceof Cost.Reported(long promptTokens, long completionTokens)
        ? new Complete(text, promptTokens, completionTokens)
        : new Complete(text, request.estimatedPromptTokens(), request.maxTokens());
  }

  private static Cost cost(ChatCompletion completion) {
    try {
      return completion
          .usage()
          .map(usage -> new Cost.Reported(usage.promptTokens(), usage.completionTokens()))
          .filter(cost -> isCount(cost.promptTokens()) && isCount(cost.completionTokens()))
          .map(Cost.class::cast)
          .orElseGet(Cost.Everything::new);
    } catch (OpenAIInvalidDataException _) {
      return new Cost.Everything(); // half a report is none
    }
  }

  private static boolean isCount(long tokens) {
    return tokens >= 0 && tokens <= MOST_TOKENS;
  }

  private Attempt refused(OpenAIServiceException e) {
    int status = e.statusCode();
    Reason reason =
        switch (status) {
          case REQUEST_TIMEOUT -> Reason.TIMED_OUT;
          case TOO_MANY_REQUESTS -> Reason.OVERLOADED;
          default -> status >= SERVER_ERROR ? Reason.OVERLOADED : Reason.REFUSED_BY_SERVER;
        };
    String target =
        e.headers().values("Location").stream()
            .map("; it redirects to %s, put the right address into baseUrl"::formatted)
            .findFirst()
            .orElse("");
    return new Attempt(
        failed(reason, "status " + e.getMessage() + target),
        TEMPORARY.contains(status),
        e.headers().values("Retry-After").stream().findFirst(),
        new Cost.Prompt());
  }

  private Attempt broken(OpenAIIoException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case SingleSend.TooLong tooLong -> {
          return Attempt.settled(
              failed(Reason.MALFORMED, String.valueOf(tooLong.getMessage())),
              new Cost.Everything());
        }
        case SingleSend.NotSent notSent -> {
          return Attempt.repeatable(
              failed(Reason.UNREACHABLE, "no connection: " + rootMessage(notSent)),
              new Cost.Nothing());
        }
        case InterruptedIOException _ -> {
          return Attempt.repeatable(
              failed(Reason.TIMED_OUT, "no whole answer in time"), new Cost.Everything());
        }
        default -> {}
      }
    }
    return Attempt.repeatable(
        failed(Reason.UNREACHABLE, "the connection broke: " + rootMessage(e)),
        new Cost.Everything());
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** Servers repeat what they were sent, a wrong key too; a detail is one line, and without it. */
  private Failed failed(Reason reason, String detail) {
    String harmless = apiKey == null ? detail : detail.replace(apiKey, "…");
    String line = WellFormed.of(harmless).replaceAll("\\s+|\\p{Cntrl}", " ");
    return new Failed(
        reason,
        line.length() <= DETAIL_CHARACTERS ? line : line.substring(0, DETAIL_CHARACTERS) + "…");
  }

  @Override
  public void close() {
    client.close();
  }
}
