package org.onset.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.onset.study.Doctor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "doctor",
    description = "Says what this machine can do and what is missing.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Doctor.Finding> findings = Doctor.examine(Path.of("."));
    boolean fine = findings.stream().allMatch(finding -> finding.fine() || !finding.needed());
    if (json) {
      System.out.println(JsonMapper.builder().build().writeValueAsString(findings));
    } else {
      for (Doctor.Finding finding : findings) {
        String mark = finding.fine() ? "ok" : finding.needed() ? "MISSING" : "note";
        System.out.printf("%-8s %-16s %s%n", mark, finding.what(), finding.found());
      }
      System.out.println(fine ? "Onset can run here." : "Onset can't run here yet.");
    }
    return fine ? 0 : Main.FAILED;
  }
}
