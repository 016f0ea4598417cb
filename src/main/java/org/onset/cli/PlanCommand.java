package org.onset.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.onset.study.PlanReport;
import org.onset.study.Study;
import org.onset.study.results.Exposure;
import org.onset.study.results.FolderArm;
import org.onset.study.spec.StudyFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "plan",
    description = "Says what a study will do and cost; trains nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private StudyArguments arguments = new StudyArguments();

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    StudyFile file = arguments.read();
    PlanReport plan = Study.plan(file, arguments.options(file), System.err);
    if (json) {
      JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      System.out.println(mapper.writeValueAsString(plan));
    } else {
      print(plan);
    }
    return 0;
  }

  private static void print(PlanReport plan) {
    Long tokens = plan.tokensPerModel();
    line(
        "%s: %,d parameters, %s",
        plan.study(),
        plan.parameters(),
        tokens == null
            ? "every arm from a folder"
            : String.format(Locale.ROOT, "%,d tokens a model", tokens));
    for (FolderArm folder : plan.folders()) {
      Long trained = folder.trainedTokens();
      line(
          "  arm %s: %s, %,d parameters, context %,d, trained on %s tokens, sha256 %s",
          folder.arm(),
          folder.path(),
          folder.parameters(),
          folder.contextLength(),
          trained == null ? "an unknown number of" : String.format(Locale.ROOT, "%,d", trained),
          folder.sha256());
    }
    line("");
    line("%-10s %6s %6s %18s", "stage", "nodes", "done", "work");
    for (PlanReport.StageTotal stage : plan.stages()) {
      line(
          "%-10s %6d %6d %,18d %s",
          stage.stage(), stage.nodes(), stage.done(), stage.work(), stage.unit());
    }
    line("");
    if (!plan.exposure().arms().isEmpty()) {
      printPretraining(plan);
    }
    Double seconds = plan.trainingSeconds();
    line(
        "left to train: %.3g FLOPs, about %s; %,d MiB of memory, %,d MiB of disk",
        plan.trainingFlops(),
        seconds == null ? "unknown" : duration(seconds),
        plan.memoryBytes() >> 20,
        plan.diskBytes() >> 20);
    plan.warnings().forEach(warning -> line("warning: %s", warning));
  }

  private static void printPretraining(PlanReport plan) {
    plan.nodes().stream()
        .filter(node -> node.label().startsWith("pretrain"))
        .forEach(
            node ->
                line("  %s: %,d tokens%s", node.label(), node.work(), node.done() ? ", done" : ""));
    line("");
    line(
        "%-14s %-12s %8s %16s %9s %14s %12s",
        "arm", "stream", "share", "tokens", "epochs", "interventions", "their rate");
    for (Exposure.Arm arm : plan.exposure().arms()) {
      Double rate = arm.interventionLearningRate();
      line(
          "%-14s %-12s %8s %,16d %9s %,14d %12s",
          arm.arm(),
          "all",
          "",
          arm.realisedTokens(),
          "",
          arm.interventionTokens(),
          rate == null ? "–" : String.format(Locale.ROOT, "%.2e", rate));
      for (Exposure.Stream stream : arm.streams()) {
        Double epochs = stream.epochs();
        line(
            "%-14s %-12s %7.1f%% %,16d %9s",
            "",
            stream.stream(),
            100 * stream.share(),
            stream.realisedTokens(),
            epochs == null ? "?" : String.format(Locale.ROOT, "%.2f", epochs));
      }
    }
    line("");
  }

  private static String duration(double seconds) {
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (seconds < 7_200) {
      return String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
    return seconds < 172_800
        ? String.format(Locale.ROOT, "%.1f hours", seconds / 3_600)
        : String.format(Locale.ROOT, "%,.0f days", seconds / 86_400);
  }

  @com.google.errorprone.annotations.FormatMethod
  private static void line(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments).stripTrailing());
  }
}
