package org.onset.study;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.onset.study.spec.StudySpec;
import org.onset.tensor.Libtorch;

/** Which code, machine and artifacts a run's numbers come from. */
final class Provenance {
  private Provenance() {}

  static Map<String, String> of(StudySpec spec, StageGraph graph) {
    Map<String, String> facts = new LinkedHashMap<>();
    String version = Provenance.class.getPackage().getImplementationVersion();
    facts.put("onset", version == null ? "from classes" : version);
    facts.put("java", Runtime.version().toString());
    facts.put("libtorch", Libtorch.version());
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("processor", Machine.processor());
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("threads per node", Integer.toString(spec.resources().threadsPerNode()));
    facts.put(
        "seeds", spec.seeds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    facts.put("corpus", graph.corpus().artifact().folderName());
    if (spec.hasPretrainedArms()) {
      facts.put("tokens", graph.tokens().artifact().folderName());
    }
    graph
        .folders()
        .forEach((arm, folder) -> facts.put("folder of " + arm, "sha256 " + folder.sha256()));
    for (StageGraph.Checkpoint checkpoint : graph.checkpoints()) {
      facts.put(
          "model %s/%d/%s".formatted(checkpoint.arm(), checkpoint.seed(), checkpoint.folderName()),
          checkpoint.node().artifact().folderName());
    }
    return facts;
  }
}
