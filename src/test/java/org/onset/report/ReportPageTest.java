package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;

/** Opens reports in a browser, as a reader would. Skipped where there is no Chromium. */
class ReportPageTest {
  @TempDir private static Path folder;
  private static @Nullable ChromeDriver browser;

  @BeforeAll
  static void startBrowser() throws IOException {
    browser = Chromium.start(folder);
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
    assertThat(browser().executeScript(Chromium.ILLEGIBLE)).asInstanceOf(LIST).isEmpty();
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
    Chromium.open(browser(), folder.resolve("report.html"), width, scheme);
  }

  private static void openDetails() {
    Chromium.openDetails(browser());
  }

  private static long marks(WebElement plot) {
    return Chromium.marks(browser(), plot);
  }

  private static List<LogEntry> complaints() {
    return Chromium.complaints(browser());
  }

  private static long number(String script) {
    return Chromium.number(browser(), script);
  }

  private static ChromeDriver browser() {
    if (browser == null) throw new IllegalStateException("the browser isn't running");
    return browser;
  }
}
