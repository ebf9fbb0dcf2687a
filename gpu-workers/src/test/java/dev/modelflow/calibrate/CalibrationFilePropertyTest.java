package dev.modelflow.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

class CalibrationFilePropertyTest {
  private Path file = Path.of("");

  @BeforeProperty
  void name() throws IOException {
    file = Files.createTempFile("calibration", ".json");
  }

  @AfterProperty
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Property(tries = 200)
  void whatIsWrittenIsReadBack(@ForAll("calibrations") Calibration calibration) throws IOException {
    CalibrationFile.write(file, calibration);
    assertThat(CalibrationFile.read(file)).contains(calibration);
  }

  @Property(tries = 300)
  void aFileThatWasCutOrChangedIsReadOrNamedInOneLine(
      @ForAll("calibrations") Calibration calibration,
      @ForAll @IntRange(max = 100) int place,
      @ForAll char other,
      @ForAll boolean cut)
      throws IOException {
    String whole = CalibrationFile.json(calibration);
    int at = place * (whole.length() - 1) / 100;
    String rest = cut ? "" : other + whole.substring(at + 1);
    Files.writeString(file, sound(whole.substring(0, at) + rest));
    try {
      assertThat(CalibrationFile.read(file)).isPresent();
    } catch (CalibrationException wrong) {
      assertThat(wrong.getMessage()).startsWith(file + " holds no calibration (");
      assertThat(String.valueOf(wrong.getMessage()).lines()).hasSize(1);
    }
  }

  /** A half of a pair of characters cannot be written. */
  private static String sound(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  @Provide
  Arbitrary<Calibration> calibrations() {
    Arbitrary<Machine> machines =
        Combinators.combine(
                texts(20),
                Arbitraries.strings().alpha().ofLength(12),
                Arbitraries.integers().between(1, 512),
                Arbitraries.strings().ascii().ofMaxLength(30))
            .as(Machine::new);
    Arbitrary<Beside> beside =
        Combinators.combine(speeds(), speeds(), speeds()).as(Beside::new).injectNull(0.3);
    return Combinators.combine(
            machines, measured(), failed().list().ofMaxSize(4), beside, Arbitraries.integers())
        .as(
            (machine, winner, losers, more, second) -> {
              List<Trial> trials = new ArrayList<>(losers);
              trials.add(winner);
              return new Calibration(
                  Calibration.FORMAT,
                  Instant.ofEpochSecond(1_800_000_000L + second % 1000),
                  machine,
                  "0123456789ab",
                  machine.cores(),
                  trials,
                  winner.tuning(),
                  more);
            });
  }

  private static Arbitrary<Trial> measured() {
    Arbitrary<Score> scores =
        Combinators.combine(speeds(), speeds(), speeds(), speeds().injectNull(0.3)).as(Score::new);
    return Combinators.combine(tunings(), scores)
        .as((tuning, score) -> Trial.measured(tuning, "Zen", score));
  }

  private static Arbitrary<Trial> failed() {
    return Combinators.combine(tunings(), texts(40))
        .as((tuning, why) -> Trial.failed(tuning, "", why));
  }

  private static Arbitrary<Tuning> tunings() {
    return Combinators.combine(
            Arbitraries.of(Blas.values()),
            Arbitraries.of("", "HASWELL", "ZEN", "SKYLAKEX"),
            Arbitraries.of(Memory.values()))
        .as((blas, kernels, memory) -> new Tuning(blas, blas == Blas.MKL ? "" : kernels, memory));
  }

  private static Arbitrary<String> texts(int longest) {
    return Arbitraries.strings().withCharRange('\0', '\ud7ff').ofMaxLength(longest);
  }

  private static Arbitrary<Double> speeds() {
    return Arbitraries.doubles().between(1, 1e9);
  }
}
