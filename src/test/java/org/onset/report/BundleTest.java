package org.onset.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.onset.Fingerprint;

class BundleTest {
  private static final Path CHARTS = Path.of("charts");

  @Test
  void theScriptWasBuiltFromTheSourcesBesideIt() throws IOException {
    StringBuilder sources =
        new StringBuilder(Files.readString(CHARTS.resolve("package-lock.json")));
    try (Stream<Path> files = Files.list(CHARTS.resolve("src"))) {
      for (Path file : files.sorted().toList()) {
        sources.append(Files.readString(file));
      }
    }

    assertThat(resource("report.js").lines().findFirst().orElseThrow())
        .as("report.js is older than charts/: run npm ci && npm run build there")
        .contains(Fingerprint.of(sources.toString()));
  }

  @Test
  void theScriptCanStandInAPage() throws IOException {
    assertThat(resource("report.js")).doesNotContain("</script", "<!--", "\r");
    assertThat(resource("report.css")).doesNotContain("</style", "url(", "@import");
  }

  @Test
  void theLicencesOfWhatIsInsideLieBesideIt() throws IOException {
    assertThat(resource("third-party.txt"))
        .contains("echarts 6.1.0 (Apache-2.0)", "zrender 6.1.0 (BSD-3-Clause)", "tslib", "d3");
  }

  @Test
  void theLockFileNamesNoDownloadAddress() throws IOException {
    List<String> addresses =
        Files.readString(CHARTS.resolve("package-lock.json"))
            .lines()
            .filter(line -> line.contains("\"resolved\""))
            .toList();

    assertThat(addresses).isEmpty();
  }

  private static String resource(String name) throws IOException {
    try (var in = Report.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
