package org.onset.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A browser in which tests open pages as a reader would. */
final class Chromium {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /**
   * Texts that stand out too little from what is behind them: WCAG's 4.5 for every text there is.
   */
  static final String ILLEGIBLE =
      """
      const parse = (colour) => (colour.match(/[\\d.]+/g) ?? []).map(Number);
      const channel = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
      const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
      const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const colour = parse(getComputedStyle(at).backgroundColor);
          if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
      };
      const found = [];
      for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
        if (!own || element.closest("script") || element.getClientRects().length === 0) continue;
        const style = getComputedStyle(element);
        const text = parse(element instanceof SVGElement ? style.fill : style.color);
        const [a, b] = [light(text), light(behind(element))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) found.push(element.textContent.slice(0, 60) + " " + text);
      }
      return found;
      """;

  private Chromium() {}

  /** Starts it; where there is none, the tests of the class that asks are skipped. */
  static ChromeDriver start(Path folder) throws IOException {
    boolean present = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!present) {
      System.out.println("Skipped: pages aren't opened, no " + CHROMIUM + " with " + DRIVER);
    }
    assumeTrue(present, "no browser to open pages in");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toString());
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
        "--user-data-dir=" + Files.createDirectory(folder.resolve("browser")));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(new File(DRIVER.toString()))
            .build();
    return new ChromeDriver(service, options);
  }

  /** Opens a page, {@code width} CSS pixels wide. */
  static void open(ChromeDriver browser, Path page, int width, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 600));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser.get(page.toUri().toString());
  }

  static void openDetails(ChromeDriver browser) {
    browser.executeScript(
        "document.querySelectorAll('details').forEach((one) => (one.open = true))");
  }

  /** Everything drawn in the colour of a series. */
  static long marks(ChromeDriver browser, WebElement plot) {
    return number(
        browser,
        "return arguments[0].querySelectorAll(\"svg [fill^='var(--c'], svg [stroke^='var(--c']\").length",
        plot);
  }

  static List<LogEntry> complaints(ChromeDriver browser) {
    return browser.manage().logs().get(LogType.BROWSER).getAll();
  }

  static long number(ChromeDriver browser, String script, Object... arguments) {
    Object result = browser.executeScript(script, arguments);
    if (result instanceof Long number) return number;
    throw new IllegalStateException("not a number: " + result);
  }
}
