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
import org.onset.corpus.card.AuditedCard;
import org.onset.corpus.card.CorpusCard;
import org.onset.corpus.card.SyntheticCard;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** Opens cards in a browser, as a reader would. Skipped where there is no Chromium. */
class CardInBrowserTest {
  private static final int PHONE = 380;

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
  void everyPlotIsDrawnWithoutAnErrorOrARequest() {
    open(CardPage.of(audited(SyntheticCard.plain())), 1280, "light");

    assertThat(plots()).hasSize(1 + 2 + 1).allSatisfy(CardInBrowserTest::isDrawn);
    assertNothingHappened();
  }

  @Test
  void aComparisonDrawsTheStreamsAndThePrecisionOfBoth() {
    AuditedCard plain = audited(SyntheticCard.plain());

    open(CardPage.of(plain, plain), 1280, "dark");

    assertThat(plots()).hasSize(2 + 2 + 2).allSatisfy(CardInBrowserTest::isDrawn);
    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aPhoneScrollsInOneDirectionOnly(boolean compared) {
    for (CorpusCard card : List.of(SyntheticCard.plain(), SyntheticCard.hostile())) {
      AuditedCard shown = audited(card);
      open(compared ? CardPage.of(shown, shown) : CardPage.of(shown), PHONE, "light");
      Chromium.openDetails(browser());

      assertThat(Chromium.number(browser(), "return document.documentElement.scrollWidth"))
          .isEqualTo(PHONE);
      assertThat(Chromium.complaints(browser())).isEmpty();
    }
  }

  @Test
  void whatAStrangerWroteNeverRuns() {
    open(CardPage.of(audited(SyntheticCard.hostile())), 1280, "light");
    Chromium.openDetails(browser());

    assertThat(browser().executeScript("return window.injected")).isNull();
    assertThat(
            Chromium.number(
                browser(), "return document.querySelectorAll('img, main script').length"))
        .isZero();
    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyTextIsLegible(String scheme) {
    AuditedCard plain = audited(SyntheticCard.plain());
    open(CardPage.of(plain, plain), 1280, scheme);
    Chromium.openDetails(browser());

    assertThat(browser().executeScript(Chromium.ILLEGIBLE)).asInstanceOf(LIST).isEmpty();
  }

  @Test
  void excerptsStayFoldedAwayOnPaper() {
    open(CardPage.of(audited(SyntheticCard.plain())), 1280, "dark");

    browser().executeScript("window.dispatchEvent(new Event('beforeprint'))");
    browser().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", "print"));

    assertThat(browser().executeScript("return getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(255, 255, 255)");
    assertThat(browser().findElement(By.cssSelector(".completion")).isDisplayed()).isFalse();
    browser().executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", ""));
  }

  private static AuditedCard audited(CorpusCard card) {
    return new AuditedCard(card, SyntheticCard.audit(card, "", 0, 0, 1, 3, 5), false);
  }

  private static void open(String page, int width, String scheme) {
    Path file = folder.resolve("card.html");
    CardPage.write(page, file);
    Chromium.open(browser(), file, width, scheme);
  }

  private static List<WebElement> plots() {
    return browser().findElements(By.cssSelector("[data-chart]"));
  }

  private static void isDrawn(WebElement plot) {
    assertThat(Chromium.marks(browser(), plot)).as(plot.getDomAttribute("aria-label")).isPositive();
  }

  private static void assertNothingHappened() {
    assertThat(Chromium.complaints(browser())).isEmpty();
    assertThat(Chromium.number(browser(), "return performance.getEntriesByType('resource').length"))
        .isZero();
  }

  private static ChromeDriver browser() {
    if (browser == null) throw new IllegalStateException("the browser isn't running");
    return browser;
  }
}
