package dev.modelflow.calibrate;

import java.time.Instant;
import java.util.List;

/** Processors and what was measured on one of them. */
final class Samples {
  static final Processor AMD =
      Processor.parse(
          """
          processor	: 0
          vendor_id	: AuthenticAMD
          model name	: AMD EPYC
          flags		: fma avx avx2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_bf16

          processor	: 1
          vendor_id	: AuthenticAMD
          model name	: AMD EPYC, the second
          flags		: avx
          """);
  static final Processor INTEL =
      Processor.parse(
          """
          vendor_id : GenuineIntel
          model name : Intel(R) Xeon(R) Platinum 8481C
          flags : fma avx avx2 avx512f avx512dq avx512cd avx512bw avx512vl avx512_bf16 amx_bf16 amx_tile
          """);
  static final Processor OLD = Processor.parse("vendor_id : GenuineIntel\nflags : fma avx avx2\n");

  static final Machine MACHINE =
      new Machine("AMD EPYC", AMD.flagsDigest(), 2, "libtorch 2.10.0-1.5.13");

  private Samples() {}

  static Tuning openBlas(String kernels) {
    return new Tuning(Blas.OPENBLAS, kernels, Memory.KEPT);
  }

  /** As it came out on two cores of an AMD EPYC. */
  static Calibration calibration(Tuning chosen) {
    return new Calibration(
        Calibration.FORMAT,
        Instant.parse("2026-11-26T07:20:00Z"),
        MACHINE,
        "0123456789ab",
        2,
        List.of(
            Trial.measured(chosen, "SkylakeX", new Score(11_960, 4_200, 207, 21_100.0)),
            Trial.measured(openBlas("HASWELL"), "Haswell", new Score(8_500, 2_300, 110, null)),
            Trial.failed(new Tuning(Blas.MKL, "", Memory.KEPT), "", "it ended with exit code 132")),
        chosen,
        new Beside(7_400, 3_100, 770));
  }
}
