package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorTest {
  @ParameterizedTest
  @CsvSource({
    "GenuineIntel, avx512f avx512_bf16 amx_bf16, true",
    "GenuineIntel, avx512f avx512_bf16, false",
    "AuthenticAMD, avx512f avx512_bf16, true",
    "AuthenticAMD, avx512f, false",
  })
  void isFasterInBf16WithAmxOrWithAmdsVectors(String vendor, String flags, boolean faster) {
    Processor processor = Processor.parse("vendor_id : " + vendor + "\nflags : " + flags + "\n");

    assertThat(processor.isFasterInBf16()).isEqualTo(faster);
  }
}
