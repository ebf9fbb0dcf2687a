package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CandidatesTest {
  @Test
  void ofKernelsOnlyThoseAreTriedThatTheProcessorCanRun() {
    assertThat(Kernels.of(Samples.AMD)).containsExactly("HASWELL", "ZEN", "SKYLAKEX", "COOPERLAKE");
    assertThat(Kernels.of(Samples.INTEL))
        .containsExactly("HASWELL", "SKYLAKEX", "COOPERLAKE", "SAPPHIRERAPIDS");
    assertThat(Kernels.of(Samples.OLD)).containsExactly("HASWELL");
    assertThat(Kernels.of(Processor.parse(""))).isEmpty();
  }

  @Test
  void theUsualWayIsTheFirstAndIsTriedOnce() {
    Candidates candidates = Candidates.of(Samples.AMD, true, true);
    assertThat(candidates.usual()).isEqualTo(Samples.openBlas("SKYLAKEX"));
    assertThat(candidates.kernels())
        .doesNotHaveDuplicates()
        .startsWith(Samples.openBlas("SKYLAKEX"), Samples.openBlas(""))
        .endsWith(new Tuning(Blas.MKL, "", Memory.KEPT))
        .contains(new Tuning(Blas.ONEDNN, "SKYLAKEX", Memory.KEPT))
        .hasSize(7);
    assertThat(candidates.memory()).containsExactly(Memory.RETURNED, Memory.HUGE_PAGES);
  }

  @Test
  void whatTheBuildOrTheSystemLacksIsNotTried() {
    Candidates candidates = Candidates.of(Processor.parse(""), false, false);
    assertThat(candidates.kernels())
        .containsExactly(Samples.openBlas(""), new Tuning(Blas.ONEDNN, "", Memory.KEPT));
    assertThat(candidates.memory()).containsExactly(Memory.RETURNED);
  }

  @Test
  void aProcessorIsTheFirstThatIsDescribed() {
    assertThat(Samples.AMD.model()).isEqualTo("AMD EPYC");
    assertThat(Samples.AMD.flags()).contains("avx512_bf16").hasSize(9);
    assertThat(Processor.parse("flags : b a").flagsDigest())
        .isEqualTo(Processor.parse("flags : a  b").flagsDigest())
        .isNotEqualTo(Processor.parse("flags : a").flagsDigest());
  }
}
