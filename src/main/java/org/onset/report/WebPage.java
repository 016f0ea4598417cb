package org.onset.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/** One file that opens anywhere: style, data and the script that draws plots are inside. */
final class WebPage {
  private WebPage() {}

  /**
   * The content security policy lets the page's one script run and nothing else: no other script,
   * no request to anywhere, whatever a stranger wrote.
   */
  static String of(String title, String main, ChartData data) {
    String script = resource("report.js");
    String policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"
            + sha256(script)
            + "'; base-uri 'none'; form-action 'none'";
    Html html = new Html();
    html.trusted("<!doctype html>\n").open("html", "lang", "en").open("head").line();
    html.trusted("<meta charset=\"utf-8\">\n");
    html.trusted("<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n");
    html.trusted("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.trusted("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.element("title", title).line();
    html.open("style").trusted(resource("report.css")).close("style").line();
    html.close("head").open("body").line();
    html.open("main").trusted(main).close("main").line();
    html.open("script", "type", "application/json", "id", "chart-data");
    html.trusted(data.embeddable()).close("script").line();
    html.open("script").trusted(script).close("script").line();
    html.close("body").close("html").line();
    return html.finished();
  }

  /** A text that lies beside this class. */
  static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            WebPage.class.getResourceAsStream(name), "the report's own " + name + " is missing")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String script) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
