package org.onset.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.onset.Problems;
import org.onset.Problems.Problem;
import org.onset.decode.Decoder.Beam;
import org.onset.decode.Decoder.Greedy;
import org.onset.decode.Decoder.SafeBeam;
import org.onset.decode.Decoder.SafeBeamThreshold;
import org.onset.decode.Decoder.TopK;
import org.onset.decode.Decoder.TopP;

class DecoderTest {
  @Test
  void everyBadParameterIsReportedByItsName() {
    assertThat(fields(new TopK(0, 0))).containsExactly("k", "temperature");
    assertThat(fields(new TopP(0, -1))).containsExactly("p", "temperature");
    assertThat(fields(new TopP(1.01, Double.NaN))).containsExactly("p", "temperature");
    assertThat(fields(new TopP(Double.NaN, Double.POSITIVE_INFINITY)))
        .containsExactly("p", "temperature");
    assertThat(fields(new Beam(0))).containsExactly("beams");
    assertThat(fields(new SafeBeam(0, -1, true))).containsExactly("beams", "extensions");
    assertThat(fields(new SafeBeamThreshold(0, 0, 1.1, false)))
        .containsExactly("beams", "extensions", "threshold");
    assertThat(fields(new SafeBeamThreshold(1, -0.1))).containsExactly("threshold");
    assertThat(fields(new SafeBeamThreshold(1, Double.NaN))).containsExactly("threshold");
  }

  @Test
  void parametersAtTheirBoundsAreFine() {
    List<Decoder> decoders =
        List.of(
            new Greedy(),
            new TopK(1, 0.01),
            new TopP(1, 100),
            new TopP(Double.MIN_VALUE, 1),
            new Beam(1),
            new SafeBeam(1, 1, true),
            new SafeBeamThreshold(1, 0),
            new SafeBeamThreshold(1, 1));

    assertThat(decoders).allSatisfy(decoder -> assertThat(fields(decoder)).isEmpty());
  }

  @Test
  void namesAreThoseOfTheResults() {
    List<Decoder> decoders =
        List.of(
            new Greedy(),
            new TopK(10, 1),
            new TopP(0.9, 1),
            new Beam(4),
            new SafeBeam(4),
            new SafeBeamThreshold(4, 0.005));

    assertThat(decoders.stream().map(Decoder::name))
        .containsExactly("greedy", "topk", "topp", "beam", "safebeam", "safebeam-threshold");
    assertThat(Finish.SHORT_CIRCUIT.word()).isEqualTo("short_circuit");
  }

  @Test
  void unlessSetThereAreAsManyExtensionsAsBeams() {
    assertThat(new SafeBeam(3)).isEqualTo(new SafeBeam(3, 3, false));
    assertThat(new SafeBeamThreshold(3, 0.1)).isEqualTo(new SafeBeamThreshold(3, 3, 0.1, false));
  }

  private static List<String> fields(Decoder decoder) {
    Problems problems = new Problems();
    decoder.check(problems);
    return problems.found().stream().map(Problem::field).toList();
  }
}
