package dev.modelflow.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TogetherTest {
  @Property
  void allHoldsWhenItHoldsForEach(
      @ForAll @Size(max = 20) List<@IntRange(max = 30) Integer> items,
      @ForAll @IntRange(min = 1, max = 5) int atATime) {
    assertThat(Together.all(items, atATime, item -> item > 0))
        .isEqualTo(items.stream().allMatch(item -> item > 0));
  }

  @Property
  void eachIsWorkedOnOnce(
      @ForAll @Size(max = 20) List<Integer> items,
      @ForAll @IntRange(min = 1, max = 5) int atATime) {
    Queue<Integer> worked = new ConcurrentLinkedQueue<>();
    Together.each(items, atATime, worked::add);
    assertThat(worked).containsExactlyInAnyOrderElementsOf(items);
  }

  @Example
  void someAreWorkedOnAtOnce() {
    CountDownLatch both = new CountDownLatch(2);
    Together.each(
        List.of(1, 2),
        2,
        item -> {
          both.countDown();
          assertThat(awaited(both)).isTrue();
        });
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      throw new IllegalStateException(stop);
    }
  }

  @Example
  void aFailureComesOutAsItIsAndEndsTheRest() {
    Queue<Integer> worked = new ConcurrentLinkedQueue<>();
    assertThatThrownBy(
            () ->
                Together.each(
                    IntStream.range(0, 1000).boxed().toList(),
                    1,
                    item -> {
                      worked.add(item);
                      if (item == 3) {
                        throw new IOException("no room");
                      }
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("no room");
    assertThat(worked).hasSize(4);
  }
}
