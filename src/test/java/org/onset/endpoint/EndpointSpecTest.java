package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.Problems;
import org.onset.Problems.Problem;

class EndpointSpecTest {
  @Test
  void allProblemsAreSaidAtOnce() {
    EndpointSpec spec = new EndpointSpec("ftp://host/v1", " ", "my key", 0, 0, 0, 0L);

    assertThat(problems(spec))
        .extracting(Problem::field)
        .containsExactly(
            "baseUrl",
            "model",
            "apiKeyVariable",
            "maxParallel",
            "maxAttempts",
            "timeoutSeconds",
            "tokenBudget");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8000/v1",
        "https://api.example.com/v1/",
        "HTTPS://api.example.com",
        "http://[::1]:8000"
      })
  void aServersAddressIsTaken(String baseUrl) {
    assertThat(problems(withUrl(baseUrl))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost:8000",
        "http://",
        "http:/v1",
        "http://a b/v1",
        "https://api.example.com/v1/chat/completions",
        "https://api.example.com/v1/chat/completions/"
      })
  void whatIsNoAddressIsRefused(String baseUrl) {
    assertThat(problems(withUrl(baseUrl))).extracting(Problem::field).containsExactly("baseUrl");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:pa55word@host/v1",
        "https://host/v1?key=pa55word",
        "https://host/v1#pa55word",
        "https://user:pa55word@host /v1"
      })
  void aPasswordInTheAddressIsRefusedAndNotRepeated(String baseUrl) {
    assertThat(problems(withUrl(baseUrl)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.message()).doesNotContain("pa55word"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sk-proj-123", "gsk_123", "hf_abc", "", "MODEL KEY"})
  void aKeyInPlaceOfItsVariableIsRefusedAndNotRepeated(String key) {
    EndpointSpec spec = new EndpointSpec("http://localhost/v1", "m", key, 1, 1, 1, null);

    assertThat(problems(spec))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.field()).isEqualTo("apiKeyVariable");
              if (!key.isEmpty()) {
                assertThat(problem.message()).doesNotContain(key);
              }
            });
  }

  private static EndpointSpec withUrl(String baseUrl) {
    return new EndpointSpec(baseUrl, "m", "MODEL_KEY", 1, 1, 1, 1L);
  }

  private static List<Problem> problems(EndpointSpec spec) {
    Problems problems = new Problems();
    spec.check(problems);
    return problems.found();
  }
}
