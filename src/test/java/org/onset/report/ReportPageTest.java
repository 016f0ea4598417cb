package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.study.results.RunSummary;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Opens reports in a browser, as a reader would. Skipped where there is no Chromium. */
class ReportPageTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  /**
   * Texts that stand out too little from what is behind them: WCAG's 4.5 for every text there is.
   */
  private static final String ILLEGIBLE =
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

  @TempDir private static Path folder;
  private static @Nullable ChromeDriver browser;

  @BeforeAll
  static void startBrowser() throws IOException {
    boolean present = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    if (!present) {
      System.out.println("Skipped: the report isn't opened, no " + CHROMIUM + " with " + DRIVER);
    }
    assumeTrue(present, "no browser to open the report in");
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
    browser = new ChromeDriver(service, options);
  }

  @AfterAll
  static void stopBrowser() {
    if (browser != null) browser.quit();
  }

  @Test
  void everyPlotIsDrawnWithoutAnErrorOrARequest() throws IOException {
    open(SyntheticRun.twoSeeds(), 1280, "light");

    List<WebElement> plots = browser().findElements(By.cssSelector("[data-chart]"));
    assertThat(plots).hasSize(2 + 1 + 8 + 2 + 1 + 1);
    assertThat(plots)
        .allSatisfy(
            plot -> assertThat(marks(plot)).as(plot.getDomAttribute("aria-label")).isPositive());
    assertThat(complaints()).isEmpty();
    assertThat(number("return performance.getEntriesByType('resource').length")).isZero();
  }

  @Test
  void aStudyOfManySeedsIsDrawnOnAPhone() throws IOException {
    open(SyntheticRun.twentySeeds(), 360, "dark");

    List<WebElement> plots = browser().findElements(By.cssSelector("[data-chart]"));
    assertThat(plots).allSatisfy(plot -> assertThat(marks(plot)).isPositive());
    assertThat(number("return document.documentElement.scrollWidth")).isEqualTo(360);
    assertThat(complaints()).isEmpty();
  }

  @Test
  void everyArmAndStageHasItsMark() throws IOException {
    open(SyntheticRun.twoSeeds(), 1280, "light");

    WebElement plot = browser().findElement(By.cssSelector("[data-chart='asr-0']"));

    // Five arms by three stages: an interval, a mark and two seeds each.
    assertThat(marks(plot)).isEqualTo(5 * 3 * 4);
  }

  @Test
  void theKeyHidesAStageAndShowsItAgain() throws IOException {
    open(SyntheticRun.twoSeeds(), 1280, "light");
    WebElement plot = browser().findElement(By.cssSelector("[data-chart='asr-0']"));
    WebElement base = browser().findElement(By.cssSelector("figure.plots .key button"));

    base.click();
    assertThat(base.getDomAttribute("aria-pressed")).isEqualTo("false");
    assertThat(marks(plot)).isEqualTo(5 * 2 * 4);

    base.click();
    assertThat(marks(plot)).isEqualTo(5 * 3 * 4);
  }

  @Test
  void aTooltipNamesTheArmUnderThePointer() throws IOException {
    open(SyntheticRun.twoSeeds(), 1280, "light");
    WebElement plot = browser().findElement(By.cssSelector("[data-chart='asr-0']"));

    new Actions(browser()).moveToElement(plot).perform();

    assertThat(plot.findElement(By.cssSelector(".tooltip")).getText())
        .contains("start-20", "base", "instruct", "benign: arithmetic", "%");
  }

  @Test
  void whatAStrangerWroteNeverRuns() throws IOException {
    open(SyntheticRun.hostile(), 1280, "light");
    openDetails();
    for (String id : List.of("asr-0", "contrast-0", "probe-0", "loss", "exposure")) {
      WebElement plot = browser().findElement(By.cssSelector("[data-chart='" + id + "']"));
      new Actions(browser()).scrollToElement(plot).moveToElement(plot).perform();
      assertThat(plot.findElement(By.cssSelector(".tooltip")).isDisplayed()).as(id).isTrue();
    }

    assertThat(browser().executeScript("return window.injected")).isNull();
    assertThat(number("return document.querySelectorAll('img, main script').length")).isZero();
    assertThat(complaints()).isEmpty();
    assertThat(browser().findElement(By.cssSelector(".completion")).isDisplayed()).isTrue();
  }

  @Test
  void aPhoneScrollsInOneDirectionOnly() throws IOException {
    for (RunSummary summary : List.of(SyntheticRun.twoSeeds(), SyntheticRun.hostile())) {
      open(summary, 360, "light");
      openDetails();

      assertThat(number("return document.documentElement.scrollWidth")).isEqualTo(360);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextIsLegible(String scheme) throws IOException {
    open(SyntheticRun.twoSeeds(), 1280, scheme);
    openDetails();

    String paper =
        String.valueOf(
            browser().executeScript("return getComputedStyle(document.body).backgroundColor"));
    assertThat(paper).isEqualTo(scheme.equals("dark") ? "rgb(21, 22, 26)" : "rgb(253, 252, 249)");
    assertThat(browser().executeScript(ILLEGIBLE)).asInstanceOf(LIST).isEmpty();
  }

  @Test
  void onPaperTheUncollapsedTablesAndLightColoursStand() throws IOException {
    open(SyntheticRun.twoSeeds(), 1280, "dark");

    browser().executeScript("window.dispatchEvent(new Event('beforeprint'))");
    browser().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));

    assertThat(browser().executeScript("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(255, 255, 255)");
    assertThat(browser().findElement(By.id("table-exploratory")).isDisplayed()).isTrue();
    browser().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
  }

  private static void open(RunSummary summary, int width, String scheme) throws IOException {
    Report.write(summary, folder);
    browser()
        .executeCdpCommand(
            "Emulation.setDeviceMetricsOverride",
            Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", width < 600));
    browser()
        .executeCdpCommand(
            "Emulation.setEmulatedMedia",
            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    browser().get(folder.resolve("report.html").toUri().toString());
  }

  private static void openDetails() {
    browser()
        .executeScript("document.querySelectorAll('details').forEach((one) => (one.open = true))");
  }

  /** Everything drawn in the colour of a series. */
  private static long marks(WebElement plot) {
    return number(
        "return arguments[0].querySelectorAll(\"svg [fill^='var(--c'], svg [stroke^='var(--c']\").length",
        plot);
  }

  private static List<LogEntry> complaints() {
    return browser().manage().logs().get(LogType.BROWSER).getAll();
  }

  private static long number(String script, Object... arguments) {
    Object result = browser().executeScript(script, arguments);
    if (result instanceof Long number) return number;
    throw new IllegalStateException("not a number: " + result);
  }

  private static ChromeDriver browser() {
    if (browser == null) throw new IllegalStateException("the browser isn't running");
    return browser;
  }
}
