package org.onset.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.onset.spec.Share;
import org.onset.study.results.FolderArm;
import org.onset.study.results.RunSummary.ArmSpec;
import org.onset.study.spec.StudySpec;

/** Says what each arm of a study is, field by field, mixtures and folders written out. */
final class ArmSpecs {
  private ArmSpecs() {}

  static List<ArmSpec> describe(StudySpec spec, List<FolderArm> folders) {
    Map<String, FolderArm> byArm = new LinkedHashMap<>();
    folders.forEach(folder -> byArm.put(folder.arm(), folder));
    List<ArmSpec> described = new ArrayList<>();
    spec.arms()
        .forEach(
            (name, arm) -> {
              Map<String, String> fields = new LinkedHashMap<>();
              if (arm.onset() != null) {
                fields.put("onset", String.valueOf(arm.onset()));
                fields.put("before", mixture(spec, arm.before()));
                fields.put("after", mixture(spec, arm.after()));
              }
              if (arm.mixture() != null) {
                fields.put("mixture", mixture(spec, arm.mixture()));
              }
              if (arm.phases() != null) {
                fields.put(
                    "phases",
                    arm.phases().stream()
                        .map(phase -> phase.start() + ": " + mixture(spec, phase.mixture()))
                        .collect(Collectors.joining("; ")));
              }
              if (arm.dose() != null) {
                fields.put("dose", arm.dose());
              }
              FolderArm folder = byArm.get(name);
              if (folder != null) {
                fields.put("model", folder.path());
              }
              fields.put("tag completions", arm.tagCompletions().toString());
              described.add(new ArmSpec(name, fields));
            });
    return described;
  }

  private static String mixture(StudySpec spec, @org.jspecify.annotations.Nullable String name) {
    Map<String, Share> shares = name == null ? null : spec.mixtures().get(name);
    return shares == null
        ? "–"
        : shares.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}
