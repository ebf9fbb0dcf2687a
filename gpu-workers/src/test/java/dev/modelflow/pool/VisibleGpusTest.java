package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelflow.domain.WorkerDevice;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleGpusTest {
  private static final List<Gpu> EIGHT = GpuListing.parse(RecordedMachine.query("a100-8"));
  private static final List<Gpu> MIXED =
      GpuListing.withParts(
          GpuListing.parse(RecordedMachine.query("mixed")), RecordedMachine.list("mixed"));

  @Test
  void withoutASettingEverythingIsVisible() {
    assertThat(VisibleGpus.of(EIGHT, Map.of())).hasSize(8);
    assertThat(VisibleGpus.of(EIGHT, Map.of("NVIDIA_VISIBLE_DEVICES", "all"))).hasSize(8);
    assertThat(VisibleGpus.of(EIGHT, Map.of("NVIDIA_VISIBLE_DEVICES", ""))).hasSize(8);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"\"\"", "-1", "NoDevFiles", "9", "GPU-", "\"GPU-none,0\""})
  void whatNamesNothingHidesEverythingFromThereOn(String value) {
    assertThat(VisibleGpus.of(EIGHT, Map.of("CUDA_VISIBLE_DEVICES", value))).isEmpty();
  }

  @Test
  void numbersOfAContainerCountTheHostsGpus() {
    assertThat(VisibleGpus.of(EIGHT, Map.of("NVIDIA_VISIBLE_DEVICES", "4,5"))).hasSize(8);
    assertThat(VisibleGpus.of(EIGHT, Map.of("NVIDIA_VISIBLE_DEVICES", "none"))).isEmpty();
    assertThat(VisibleGpus.of(EIGHT, Map.of("NVIDIA_VISIBLE_DEVICES", "void"))).isEmpty();
  }

  @Test
  void aContainerMayNameAPartOfAGpu() {
    String part = "MIG-a45882f0-9215-5733-a0c1-49286ab31cb5";
    String whole = "GPU-5e375e7e-b41f-155b-dcdc-534524c356fc";
    assertThat(VisibleGpus.of(MIXED, Map.of("NVIDIA_VISIBLE_DEVICES", whole + "," + part)))
        .extracting(WorkerDevice::id)
        .containsExactly(part, whole);
  }

  @Property(tries = 200)
  void cudaSeesWhatIsNumberedInThatOrderUpToTheFirstThatIsNot(
      @ForAll @Size(max = 10) List<@IntRange(min = 0, max = 9) Integer> numbers) {
    String value = numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    List<String> expected =
        numbers.stream()
            .takeWhile(it -> it < 8)
            .distinct()
            .map(it -> EIGHT.get(it).uuid())
            .toList();
    assertThat(VisibleGpus.of(EIGHT, Map.of("CUDA_VISIBLE_DEVICES", value)))
        .extracting(WorkerDevice::id)
        .isEqualTo(expected);
  }

  @Property(tries = 100)
  void aUuidMayBeCutAsLongAsItIsTheOnlyOne(
      @ForAll @IntRange(min = 0, max = 7) int number,
      @ForAll @IntRange(min = 5, max = 40) int length) {
    String beginning = EIGHT.get(number).uuid().substring(0, length);
    boolean only = EIGHT.stream().filter(it -> it.uuid().startsWith(beginning)).count() == 1;
    assertThat(VisibleGpus.of(EIGHT, Map.of("CUDA_VISIBLE_DEVICES", beginning)))
        .extracting(WorkerDevice::id)
        .isEqualTo(only ? List.of(EIGHT.get(number).uuid()) : List.of());
  }

  @Property(tries = 200)
  void noSettingShowsWhatIsNotThere(@ForAll String container, @ForAll String cuda) {
    assertThat(
            VisibleGpus.of(
                MIXED, Map.of("NVIDIA_VISIBLE_DEVICES", container, "CUDA_VISIBLE_DEVICES", cuda)))
        .isSubsetOf(VisibleGpus.of(MIXED, Map.of()))
        .doesNotHaveDuplicates();
  }
}
