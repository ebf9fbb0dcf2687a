package dev.modelflow.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DeviceTest {
  @Test
  void theContractsNamesAreKnownAndOthersAreRefused() {
    assertThat(Device.of("cpu")).isEqualTo(Device.CPU);
    assertThat(Device.of("cuda:0")).isEqualTo(Device.CUDA);
    assertThat(Device.values()).allMatch(device -> Device.of(device.kind()) == device);
    assertThat(Device.of("cuda")).isEqualTo(Device.CUDA);
    assertThatThrownBy(() -> Device.of("cuda:1"))
        .isInstanceOf(NoDeviceException.class)
        .hasMessage(
            "The engine computes on cpu or cuda:0, not on 'cuda:1': change the pool's device");
  }

  @Test
  void aGpuHasOneLane() {
    assertThat(Device.CPU.lanes(6)).isEqualTo(6);
    assertThat(Device.CUDA.lanes(6)).isEqualTo(1);
  }

  @Property
  void piecesOfABufferCoverItAndFitTheProcessorsCacheOrAreOne(
      @ForAll @LongRange(min = 0) long from,
      @ForAll @LongRange(min = 1, max = 1_000_000) long size) {
    Range whole =
        new Range(
            Math.min(from, Long.MAX_VALUE - size), Math.min(from, Long.MAX_VALUE - size) + size);
    List<Range> pieces = Device.CPU.pieces(whole);
    assertThat(pieces.getFirst().from()).isEqualTo(whole.from());
    assertThat(pieces.getLast().to()).isEqualTo(whole.to());
    for (int i = 1; i < pieces.size(); i++) {
      assertThat(pieces.get(i).from()).isEqualTo(pieces.get(i - 1).to());
    }
    assertThat(pieces).allMatch(piece -> piece.size() > 0 && piece.size() <= 1 << 15);
    assertThat(Device.CUDA.pieces(whole)).containsExactly(whole);
  }

  @Test
  void aProcessStaysOnTheDeviceThatItHas() {
    LibTorch.start();
    assertThatThrownBy(() -> LibTorch.start(Device.CUDA))
        .isInstanceOf(NoDeviceException.class)
        .hasMessage("libtorch was started on CPU and cannot change to CUDA in the same process");
    assertThat(LibTorch.device()).isEqualTo(Device.CPU);
  }
}
