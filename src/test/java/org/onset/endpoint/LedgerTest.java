package org.onset.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onset.BadInput;
import org.onset.endpoint.Ledger.Totals;

class LedgerTest {
  private static final int ENTRIES = 500;

  @TempDir private Path folder;

  @Test
  void aBudgetHasRoomToItsLastToken() {
    try (Ledger ledger = Ledger.open(folder, 100L)) {
      assertThat(ledger.reserve(60)).isTrue();
      ledger.settle(60, 40);

      assertThat(ledger.reserve(61)).isFalse();
      assertThat(ledger.reserve(60)).isTrue();
      assertThat(ledger.totals()).isEqualTo(new Totals(2, 40, 60));
    }
  }

  @Test
  void moreThanTheBudgetMayTurnOutToBeSpentAndStopsEverything() {
    try (Ledger ledger = Ledger.open(folder, 100L)) {
      assertThat(ledger.reserve(60)).isTrue();
      ledger.settle(60, 130);

      assertThat(ledger.reserve(1)).isFalse();
      assertThat(ledger.totals()).isEqualTo(new Totals(1, 130, 0));
    }
  }

  @Test
  void countingGoesOnWhereItEnded() {
    try (Ledger first = Ledger.open(folder, 100L)) {
      first.reserve(60);
      first.settle(60, 55);
    }
    try (Ledger second = Ledger.open(folder, 100L)) {
      assertThat(second.reserve(46)).isFalse();
      assertThat(second.reserve(45)).isTrue();
    }
  }

  @Test
  void withoutABudgetSpendingIsCountedAllTheSame() {
    try (Ledger ledger = Ledger.open(folder, null)) {
      assertThat(ledger.reserve(Long.MAX_VALUE / 2)).isTrue();
      ledger.settle(Long.MAX_VALUE / 2, 1_000_000);
    }
    try (Ledger limited = Ledger.open(folder, 1_000_000L)) {
      assertThat(limited.reserve(1)).isFalse();
    }
  }

  @Test
  @Timeout(60)
  void whoWouldFitOnceOthersCostLessWaitsForThem() throws Exception {
    try (Ledger ledger = Ledger.open(folder, 100L)) {
      ledger.reserve(70);
      CompletableFuture<Boolean> fits = CompletableFuture.supplyAsync(() -> ledger.reserve(60));
      CompletableFuture<Boolean> neverFits =
          CompletableFuture.supplyAsync(() -> ledger.reserve(101));

      assertThat(neverFits.get()).isFalse();
      ledger.settle(70, 40);

      assertThat(fits.get()).isTrue();
      assertThat(ledger.totals()).isEqualTo(new Totals(2, 40, 60));
    }
  }

  @Test
  @Timeout(60)
  void nobodyWaitsForWhatOthersReserved() {
    try (Ledger dead = Ledger.open(folder, 100L);
        Ledger ledger = Ledger.open(folder, 100L)) {
      dead.reserve(70);

      assertThat(ledger.reserve(60)).isFalse();
      assertThat(ledger.reserve(30)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "nonsense",
        "{\"version\": 2, \"attempts\": 1, \"spentTokens\": 1, \"reservedTokens\": 0}\n",
        "{\"version\": 1, \"attempts\": 1, \"spentTokens\": 1, \"reservedTokens\": 0}\n"
      })
  void aDamagedLedgerOpensNoBudget(String content) throws Exception {
    Path file = folder.resolve(Ledger.FILE);
    Files.writeString(file, content);

    assertThatThrownBy(() -> Ledger.open(folder, 100L))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("delete it");
    assertThat(file).hasContent(content);
  }

  @Test
  void theFileIsJsonOfConstantLength() throws Exception {
    try (Ledger ledger = Ledger.open(folder, null)) {
      ledger.reserve(5);
      long length = Files.size(folder.resolve(Ledger.FILE));
      ledger.settle(5, 1L << 60);

      assertThat(folder.resolve(Ledger.FILE))
          .hasContent(
              """
              {"version": 1, "attempts":                   1, "spentTokens": 1152921504606846976, "reservedTokens":                   0}
              """)
          .hasSize(length);
    }
  }

  @Test
  @Timeout(60)
  void twoProcessesAndTwoLedgersOfOneProcessLoseNoEntry() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                SpendingProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader says = other.inputReader(StandardCharsets.UTF_8)) {
      assertThat(says.readLine()).isEqualTo("open");
      other.getOutputStream().close();
      CompletableFuture<?> one = CompletableFuture.runAsync(this::spend);
      CompletableFuture<?> two = CompletableFuture.runAsync(this::spend);
      one.get();
      two.get();
    }

    assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(other.exitValue()).isZero();
    try (Ledger ledger = Ledger.open(folder, null)) {
      assertThat(ledger.totals()).isEqualTo(new Totals(3 * ENTRIES, 3 * ENTRIES * 2, 0));
    }
  }

  private void spend() {
    try (Ledger ledger = Ledger.open(folder, null)) {
      spend(ledger);
    }
  }

  private static void spend(Ledger ledger) {
    for (int i = 0; i < ENTRIES; i++) {
      ledger.reserve(3);
      ledger.settle(3, 2);
    }
  }

  /** Opens a ledger, says so, and spends once its input ends. */
  static final class SpendingProcess {
    private SpendingProcess() {}

    public static void main(String[] arguments) throws Exception {
      try (Ledger ledger = Ledger.open(Path.of(arguments[0]), null)) {
        System.out.println("open");
        System.in.readAllBytes();
        spend(ledger);
      }
    }
  }
}
