package org.onset.endpoint;

import java.io.Serializable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.onset.Checked;
import org.onset.Problems;

/**
 * Which model is asked, where, and how hard.
 *
 * @param baseUrl what {@code /chat/completions} is appended to, such as {@code
 *     http://localhost:8000/v1}
 * @param model the model's name, as the server knows it
 * @param apiKeyVariable the environment variable that holds the key; absent: the server asks for
 *     none. The key itself stands in no file, so that a spec can be shown to anyone
 * @param maxParallel requests under way at the same time, at most
 * @param maxAttempts how often a request is sent before it counts as failed
 * @param timeoutSeconds how long one attempt may take, from connecting to the answer's last byte
 * @param tokenBudget prompt and completion tokens that may be spent through one cache folder, ever;
 *     absent: no limit
 */
public record EndpointSpec(
    String baseUrl,
    String model,
    @Nullable String apiKeyVariable,
    int maxParallel,
    int maxAttempts,
    int timeoutSeconds,
    @Nullable Long tokenBudget)
    implements Checked, Serializable {

  private static final int MAX_PARALLEL = 1_024;
  private static final int MAX_ATTEMPTS = 100;
  private static final int MAX_TIMEOUT_SECONDS = 86_400;

  /** Capitals only: several providers' keys would pass for a variable's name in lower case. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Z_][A-Z0-9_]*");

  private static final String COMPLETIONS = "/chat/completions";

  @Override
  public void check(Problems problems) {
    checkUrl(problems);
    problems.require(!model.isBlank(), "model", "must name the model to ask, was blank");
    if (apiKeyVariable != null) {
      // What was found is not repeated: it may be the key.
      problems.require(
          VARIABLE.matcher(apiKeyVariable).matches(),
          "apiKeyVariable",
          "must be the name of an environment variable in capitals, such as OPENAI_API_KEY; put the"
              + " key into that variable, not here");
    }
    problems.within("maxParallel", maxParallel, 1, MAX_PARALLEL);
    problems.within("maxAttempts", maxAttempts, 1, MAX_ATTEMPTS);
    problems.within("timeoutSeconds", timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
    if (tokenBudget != null) {
      problems.positive("tokenBudget", tokenBudget);
    }
  }

  private void checkUrl(Problems problems) {
    URI url;
    try {
      url = new URI(baseUrl);
    } catch (URISyntaxException _) {
      problems.add("baseUrl", "is no URL; write one such as http://localhost:8000/v1");
      return;
    }
    // Neither message repeats the URL: people put passwords into it.
    if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
      problems.add(
          "baseUrl",
          "must have no user, password, query or fragment; name a variable with the key in"
              + " apiKeyVariable");
      return;
    }
    boolean web =
        "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
    problems.require(
        web && url.getHost() != null,
        "baseUrl",
        "must begin with http:// or https:// and a host, was '%s'",
        baseUrl);
    problems.require(
        !baseUrl.endsWith(COMPLETIONS) && !baseUrl.endsWith(COMPLETIONS + "/"),
        "baseUrl",
        "must end before %s, which is appended",
        COMPLETIONS);
  }
}
