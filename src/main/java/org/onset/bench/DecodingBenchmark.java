package org.onset.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.onset.BadInput;
import org.onset.Seeds;
import org.onset.decode.Decoder;
import org.onset.decode.Generation;
import org.onset.decode.Prompt;
import org.onset.model.Decoding;
import org.onset.model.ModelSpec;
import org.onset.model.Transformer;
import org.onset.tensor.Dtype;
import org.onset.tensor.Libtorch;
import org.onset.tensor.MachineLimits;

/** Measures decoding beside what reading the weights allows. */
public final class DecodingBenchmark {
  /** SmolLM2-135M's sizes. */
  private static final ModelSpec SMOLLM2_135M =
      new ModelSpec(49_152, 576, 30, 9, 3, 64, 1536, 8192, 100_000, 1e-5, true);

  private static final int REPEATS = 3;

  /**
   * How much is measured.
   *
   * @param batches numbers of prompts continued together
   * @param beams of SafeBeam
   * @param extensions candidates a beam
   */
  public record Amounts(
      int promptTokens, int newTokens, List<Integer> batches, int beams, int extensions) {
    public Amounts {
      batches = List.copyOf(batches);
    }

    /** Those of the published figures. */
    public static final Amounts USUAL = new Amounts(45, 64, List.of(1, 32), 4, 4);
  }

  private final Optional<Path> folder;
  private final List<Dtype> dtypes;
  private final Amounts amounts;
  private final int threads;
  private final PrintStream messages;

  /**
   * @param folder of the model; a new one of SmolLM2-135M's sizes where there is none
   * @param messages are told how it goes
   */
  public DecodingBenchmark(
      Optional<Path> folder,
      List<Dtype> dtypes,
      Amounts amounts,
      int threads,
      PrintStream messages) {
    this.folder = folder;
    this.dtypes = List.copyOf(dtypes);
    this.amounts = amounts;
    this.threads = threads;
    this.messages = messages;
  }

  public DecodingMeasure measure() {
    Libtorch.useThreads(threads);
    messages.println("bench: matrix products and memory …");
    TrainingMeasure.GemmPeak peak =
        new TrainingMeasure.GemmPeak(
            MachineLimits.gemmGflops(Dtype.FLOAT32), MachineLimits.gemmGflops(Dtype.BFLOAT16));
    double readBytesPerSecond = MachineLimits.readBytesPerSecond();
    List<DecodingMeasure.Rows> rows = new ArrayList<>();
    List<DecodingMeasure.SafeBeam> safeBeams = new ArrayList<>();
    long parameters = 0;
    for (Dtype dtype : dtypes) {
      try (Transformer model =
          folder.isPresent()
              ? Transformer.load(folder.get(), dtype)
              : Transformer.initialise(SMOLLM2_135M, new Seeds(0), dtype)) {
        requireRoom(model.spec());
        parameters = model.spec().parameterCount();
        for (int batch : amounts.batches()) {
          double limit = limitTokensPerSecond(model.spec(), dtype, batch, readBytesPerSecond, peak);
          rows.add(rows(model, dtype, batch, limit));
        }
        safeBeams.add(safeBeam(model, dtype));
      }
    }
    return new DecodingMeasure(
        folder.map(Path::toString).orElse("smollm2-135m, random"),
        parameters,
        amounts.promptTokens(),
        amounts.newTokens(),
        readBytesPerSecond,
        peak,
        rows,
        safeBeams);
  }

  private void requireRoom(ModelSpec spec) {
    int needed = amounts.promptTokens() + amounts.newTokens();
    if (spec.maxContextLength() < needed) {
      throw new BadInput(
          "--model: has a context of %d tokens, but %d are needed; name another model"
              .formatted(spec.maxContextLength(), needed));
    }
  }

  /** The weights that a step multiplies by: all, but for an input embedding of its own. */
  private static double limitTokensPerSecond(
      ModelSpec spec,
      Dtype dtype,
      int batch,
      double readBytesPerSecond,
      TrainingMeasure.GemmPeak peak) {
    double weights =
        spec.parameterCount()
            - (spec.tiedEmbeddings() ? 0.0 : (double) spec.vocabSize() * spec.modelDim());
    double readSeconds = weights * dtype.bytes() / readBytesPerSecond;
    double productSeconds = 2 * weights * batch / (peak.of(dtype.label()) * 1e9);
    return batch / Math.max(readSeconds, productSeconds);
  }

  private DecodingMeasure.Rows rows(Transformer model, Dtype dtype, int batch, double limit) {
    messages.printf("bench: %s, %d rows …%n", dtype.label(), batch);
    int newTokens = amounts.newTokens();
    int[][] prompts = prompts(batch, model.spec());
    double[] prefill = new double[REPEATS];
    double[] generate = new double[REPEATS];
    double[] early = new double[REPEATS];
    double[] late = new double[REPEATS];
    double[] decode = new double[REPEATS];
    for (int repeat = -1; repeat < REPEATS; repeat++) {
      StepTimes times = stepTimes(model, prompts);
      double whole = generateSeconds(model, prompts, new Decoder.Greedy(), newTokens);
      if (repeat >= 0) { // the first is to warm up
        int count = times.steps.size();
        int quarter = Math.max(1, count / 4);
        prefill[repeat] = times.prefill;
        generate[repeat] = whole;
        early[repeat] = times.median(0, quarter);
        late[repeat] = times.median(count - quarter, quarter);
        decode[repeat] = times.average();
      }
    }
    return new DecodingMeasure.Rows(
        dtype.label(),
        batch,
        batch * amounts.promptTokens() / Medians.of(prefill),
        batch / Medians.of(decode),
        (double) batch * newTokens / Medians.of(generate),
        limit,
        Medians.of(early),
        Medians.of(late));
  }

  /** Seconds of the prefill, and of each step after it, the choice of the next tokens left out. */
  private record StepTimes(double prefill, List<Double> steps) {
    double average() {
      return steps.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** The median of {@code count} steps from number {@code from} on. */
    double median(int from, int count) {
      return Medians.of(
          steps.subList(from, from + count).stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  private StepTimes stepTimes(Transformer model, int[][] prompts) {
    double[] seconds = new double[amounts.newTokens() - 1]; // the prefill gives the first token
    try (Decoding decoding =
        model.decoding(prompts.length, amounts.promptTokens() + amounts.newTokens())) {
      long startedNanos = System.nanoTime();
      float[][] logits = decoding.prefill(prompts);
      final double prefill = (System.nanoTime() - startedNanos) / 1e9;
      for (int step = 0; step < seconds.length; step++) {
        int[] next = Arrays.stream(logits).mapToInt(DecodingBenchmark::largest).toArray();
        startedNanos = System.nanoTime();
        logits = decoding.step(next);
        seconds[step] = (System.nanoTime() - startedNanos) / 1e9;
      }
      return new StepTimes(prefill, Arrays.stream(seconds).boxed().toList());
    }
  }

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = values[i] > values[largest] ? i : largest;
    }
    return largest;
  }

  private static double generateSeconds(
      Transformer model, int[][] prompts, Decoder decoder, int newTokens) {
    int tag = model.spec().vocabSize() - 1; // any token will do for what is timed
    Generation generation = new Generation(model, new int[0], OptionalInt.of(tag));
    List<Prompt> named =
        IntStream.range(0, prompts.length)
            .mapToObj(row -> new Prompt(Integer.toString(row), prompts[row]))
            .toList();
    long startedNanos = System.nanoTime();
    generation.complete(named, decoder, newTokens, new Seeds(0), 0);
    return (System.nanoTime() - startedNanos) / 1e9;
  }

  private DecodingMeasure.SafeBeam safeBeam(Transformer model, Dtype dtype) {
    int beams = amounts.beams();
    int extensions = amounts.extensions();
    messages.printf(
        Locale.ROOT, "bench: %s, SafeBeam %d × %d …%n", dtype.label(), beams, extensions);
    int newTokens = amounts.newTokens();
    int[][] prompt = prompts(1, model.spec());
    int[][] rows = prompts(beams * extensions, model.spec());
    Decoder decoder = new Decoder.SafeBeam(beams, extensions, false);
    double[] searched = new double[REPEATS];
    double[] plain = new double[REPEATS];
    for (int repeat = -1; repeat < REPEATS; repeat++) {
      // The first token costs the prefill, and is taken off.
      double first = generateSeconds(model, prompt, decoder, 1);
      double all = generateSeconds(model, prompt, decoder, newTokens);
      double step = stepTimes(model, rows).average();
      if (repeat >= 0) {
        searched[repeat] = (all - first) / (newTokens - 1);
        plain[repeat] = step;
      }
    }
    double secondsPerStep = Medians.of(searched);
    double plainSecondsPerStep = Medians.of(plain);
    return new DecodingMeasure.SafeBeam(
        dtype.label(),
        beams,
        extensions,
        secondsPerStep,
        plainSecondsPerStep,
        secondsPerStep / plainSecondsPerStep);
  }

  private int[][] prompts(int count, ModelSpec spec) {
    SplittableRandom random = new Seeds(0).generator("bench/prompts");
    int[][] prompts = new int[count][];
    for (int row = 0; row < count; row++) {
      prompts[row] = random.ints(amounts.promptTokens(), 0, spec.vocabSize()).toArray();
    }
    return prompts;
  }
}
