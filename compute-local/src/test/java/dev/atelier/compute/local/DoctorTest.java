package dev.atelier.compute.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
  @Test
  void findsTheMachineThatRunsTheseTestsFit(@TempDir Path folder) {
    var findings = new Doctor(LocalComputeConfig.of(folder.resolve("run"))).examine();
    assertThat(findings).filteredOn(finding -> finding.name().equals("sandbox")).singleElement()
        .matches(Doctor.Finding::ok);
    assertThat(findings).allMatch(finding -> finding.ok() == finding.mend().isEmpty());
  }

  @Test
  void saysWhatIsMissingAndHowToMendIt(@TempDir Path folder) {
    LocalComputeConfig good = LocalComputeConfig.of(folder.resolve("run"));
    LocalComputeConfig bad = new LocalComputeConfig(good.runFolder(), good.volumeFolder(), good.stageFolder(),
        good.firstUid(), good.lastUid(), good.orphanTimeout(), "/nowhere/python3", good.apiPort(),
        good.copyLimitBytes(), 10, good.devices());
    var findings = new Doctor(bad).examine();
    assertThat(findings).filteredOn(finding -> !finding.ok()).extracting(Doctor.Finding::name)
        .contains("python", "sandbox");
    assertThat(findings).filteredOn(finding -> finding.name().equals("python")).extracting(Doctor.Finding::mend)
        .containsExactly("apt-get install python3");
    assertThat(folder).isEmptyDirectory();
  }
}
