package org.onset.token;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.LambdaFunction;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import tools.jackson.databind.json.JsonMapper;

/**
 * A Jinja template, rendered by Hugging Face's own engine for JavaScript ({@code jinja.js}, made
 * from {@code jinja/}) on Rhino. Templates reach neither Java nor files.
 */
final class Jinja {
  /** A template can't be read, failed, or refused what it was given; the message says why. */
  static final class Failure extends RuntimeException {
    /** Whether the template itself said so, by {@code raise_exception}. */
    final boolean raised;

    Failure(String message, boolean raised) {
      super(message);
      this.raised = raised;
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern DIRECTIVE = Pattern.compile("%(-?[a-zA-Z]|%)");

  private final Object parsed;

  private Jinja(Object parsed) {
    this.parsed = parsed;
  }

  static Jinja parse(String source) {
    try {
      String lines =
          source.replace("\r\n", "\n").replace('\r', '\n'); // as Jinja does, not the engine
      return new Jinja(Engine.call("parseTemplate", lines));
    } catch (RhinoException e) {
      throw new Failure(e.details(), false);
    }
  }

  /**
   * @param variables strings, numbers, truth values, lists and maps
   * @param now what {@code strftime_now} tells
   */
  String render(Map<String, ? extends @Nullable Object> variables, LocalDateTime now) {
    Function<String, String> strftime = format -> strftime(format, now);
    try {
      Scriptable result =
          (Scriptable)
              Engine.call("renderTemplate", parsed, JSON.writeValueAsString(variables), strftime);
      if (result.has("text", result)) {
        return Context.toString(result.get("text", result));
      }
      boolean raised = result.has("raised", result);
      throw new Failure(Context.toString(result.get(raised ? "raised" : "failed", result)), raised);
    } catch (RhinoException e) {
      throw new Failure(e.details(), false);
    }
  }

  /** As Python's {@code strftime} in the C locale; a directive that isn't known stays. */
  static String strftime(String format, LocalDateTime time) {
    return DIRECTIVE.matcher(format).replaceAll(match -> directive(match, time));
  }

  private static String directive(MatchResult match, LocalDateTime time) {
    String pattern =
        switch (match.group(1)) {
          case "a" -> "EEE";
          case "A" -> "EEEE";
          case "b" -> "MMM";
          case "B" -> "MMMM";
          case "d" -> "dd";
          case "-d" -> "d";
          case "H" -> "HH";
          case "I" -> "hh";
          case "j" -> "DDD";
          case "m" -> "MM";
          case "-m" -> "M";
          case "M" -> "mm";
          case "p" -> "a";
          case "S" -> "ss";
          case "y" -> "yy";
          case "Y" -> "yyyy";
          case "%" -> "'%'";
          default -> "'" + match.group() + "'";
        };
    return Matcher.quoteReplacement(DateTimeFormatter.ofPattern(pattern, Locale.US).format(time));
  }

  /** The script, loaded once; a thread at a time, since Rhino's objects are for one. */
  private static final class Engine {
    private static final ScriptableObject SCOPE = load();

    private static ScriptableObject load() {
      try (var script = Jinja.class.getResourceAsStream("jinja.js");
          Context context = enter()) {
        String source =
            new String(
                Objects.requireNonNull(script, "built without jinja.js").readAllBytes(),
                StandardCharsets.UTF_8);
        ScriptableObject scope = context.initSafeStandardObjects();
        ScriptableObject.putProperty(scope, "globalThis", scope);
        context.evaluateString(scope, source, "jinja.js", 1, null);
        return scope;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Interpreted: it starts in half the time of compiled code, and renders as fast. */
    @SuppressWarnings("MustBeClosed")
    private static Context enter() {
      Context context = Context.enter();
      context.setLanguageVersion(Context.VERSION_ES6);
      context.setInterpretedMode(true);
      return context;
    }

    static synchronized Object call(String function, Object... arguments) {
      try (Context context = enter()) {
        Object[] given = arguments.clone();
        for (int i = 0; i < given.length; i++) {
          if (given[i] instanceof Function<?, ?> callback) {
            @SuppressWarnings("unchecked")
            var text = (Function<String, String>) callback;
            given[i] =
                new LambdaFunction(
                    SCOPE, 1, (_, _, _, values) -> text.apply(Context.toString(values[0])));
          }
        }
        return ScriptableObject.callMethod(context, SCOPE, function, given);
      }
    }
  }
}
