package dev.modelflow.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuListingTest {
  private static final long MEBIBYTE = 1L << 20;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0, [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost]",
        "0, GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7, [Unknown Error], 81559, Disabled",
        "0, GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7, NVIDIA H100, 81559 MiB, Disabled",
        "0, NVIDIA H100, GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7, 81559, Disabled",
        "0, GPU-5a8c8b21-9c6e-4f0e-a1d3-70f6c2b4e9d7, NVIDIA H100, 81559",
        "index, uuid, name, memory.total [MiB], mig.mode.current"
      })
  void aLineOfAnotherFormIsRefusedAndShown(String line) {
    assertThatThrownBy(() -> GpuListing.parse(line))
        .isInstanceOf(DeviceException.class)
        .hasMessageContaining("'" + line + "'");
  }

  @Property(tries = 200)
  void whateverIsPrintedIsReadAsItIs(@ForAll("machines") List<Gpu> machine) {
    List<Gpu> read = GpuListing.parse(csv(machine));
    assertThat(read).isEqualTo(machine.stream().map(gpu -> gpu.withParts(List.of())).toList());
    assertThat(GpuListing.withParts(read, list(machine))).isEqualTo(machine);
  }

  @Property(tries = 500)
  void anythingElseIsRefusedOrReadWhole(@ForAll String text) {
    try {
      assertThat(GpuListing.parse(text))
          .hasSize((int) text.lines().filter(it -> !it.isBlank()).count());
    } catch (DeviceException refused) {
      assertThat(refused).hasMessageContaining("nvidia-smi describes a GPU as");
    }
  }

  @Provide
  Arbitrary<List<Gpu>> machines() {
    return Arbitraries.longs()
        .map(
            seed -> {
              Random random = new Random(seed);
              return IntStream.range(0, random.nextInt(9)).mapToObj(i -> gpu(i, random)).toList();
            });
  }

  private static Gpu gpu(int index, Random random) {
    List<String> names =
        List.of("NVIDIA H100 80GB HBM3", "Tesla T4", "NVIDIA A100, engineering", "GRID V100D-8Q");
    boolean split = random.nextBoolean();
    return new Gpu(
        index,
        "GPU-" + uuid(random),
        names.get(random.nextInt(names.size())),
        random.nextInt(4) == 0 ? null : random.nextInt(200_000) * MEBIBYTE,
        split,
        IntStream.range(0, split ? random.nextInt(8) : 0)
            .mapToObj(i -> new Gpu.Part("MIG-" + uuid(random), "1c.3g.20gb+me"))
            .toList());
  }

  private static UUID uuid(Random random) {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private static String csv(List<Gpu> machine) {
    return machine.stream()
        .map(
            gpu ->
                "%d, %s, %s, %s, %s\n"
                    .formatted(
                        gpu.index(),
                        gpu.uuid(),
                        gpu.name(),
                        gpu.memory() == null ? "[N/A]" : gpu.memory() / MEBIBYTE,
                        gpu.split() ? "Enabled" : gpu.index() % 2 == 0 ? "Disabled" : "[N/A]"))
        .collect(Collectors.joining());
  }

  private static String list(List<Gpu> machine) {
    StringBuilder text = new StringBuilder();
    for (Gpu gpu : machine) {
      text.append("GPU %d: %s (UUID: %s)\n".formatted(gpu.index(), gpu.name(), gpu.uuid()));
      for (int i = 0; i < gpu.parts().size(); i++) {
        text.append(
            "  MIG %-11s Device  %d: (UUID: %s)\n"
                .formatted(gpu.parts().get(i).profile(), i, gpu.parts().get(i).uuid()));
      }
    }
    return text.toString();
  }
}
