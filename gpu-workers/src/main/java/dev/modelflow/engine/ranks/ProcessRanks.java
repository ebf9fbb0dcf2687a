package dev.modelflow.engine.ranks;

import dev.modelflow.engine.model.Parameters;
import dev.modelflow.engine.tensor.LibTorch;
import dev.modelflow.engine.tensor.Range;
import dev.modelflow.engine.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AllToAllOptions;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BroadcastOptions;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * Ranks as processes of one machine that talk over a process group of libtorch's c10d. Sums are
 * made here and not by the backend, whose order of adding is its own business.
 */
final class ProcessRanks implements Ranks {
  private static final int TAG = 0;

  private final Rendezvous place;
  private final FileStore store;
  private final Backend group;

  private ProcessRanks(Rendezvous place, FileStore store, Backend group) {
    this.place = place;
    this.store = store;
    this.group = group;
  }

  static ProcessRanks meet(Rendezvous place) {
    LibTorch.start();
    try (PointerScope _ = new PointerScope()) {
      FileStore store = new FileStore(place.store().toString(), place.size());
      Backend group = Backends.of(place, store);
      return new ProcessRanks(place, store.retainReference(), group.retainReference());
    } catch (RuntimeException e) {
      throw new RankLostException(place.rank(), place.size(), e);
    }
  }

  @Override
  public int rank() {
    return place.rank();
  }

  @Override
  public int size() {
    return place.size();
  }

  @Override
  public double[] gather(double... own) {
    return talk(() -> Tensors.toDoubles(gathered(Tensors.doubles(own))));
  }

  @Override
  public List<byte[]> gather(byte[] own) {
    double[] lengths = gather(own.length);
    int longest = 0;
    for (double length : lengths) {
      longest = Math.max(longest, (int) length);
    }
    int padded = Math.max(1, longest);
    return talk(
        () -> {
          byte[] all = Tensors.toBytes(gathered(Tensors.bytes(Arrays.copyOf(own, padded))));
          List<byte[]> each = new ArrayList<>();
          for (int rank = 0; rank < size(); rank++) {
            int from = rank * padded;
            each.add(Arrays.copyOfRange(all, from, from + (int) lengths[rank]));
          }
          return each;
        });
  }

  private Tensor gathered(Tensor mine) {
    Tensor all = Tensors.empty(mine.scalar_type(), mine.numel() * size());
    group._allgather_base(all, mine)._wait();
    return all;
  }

  @Override
  public void reduce(Tensor flat) {
    talk(
        () -> {
          Range own = owned(flat.numel());
          Tensor parts = exchanged(flat, own);
          Tensor sum = flat.narrow(0, own.from(), own.size());
          sum.copy_(parts.narrow(0, 0, own.size()));
          for (int rank = 1; rank < size(); rank++) {
            sum.add_(parts.narrow(0, rank * own.size(), own.size()));
          }
          return sum;
        });
  }

  /** What each rank has in this one's range, one behind the other. */
  private Tensor exchanged(Tensor flat, Range own) {
    LongVector sent = new LongVector();
    LongVector received = new LongVector();
    for (int rank = 0; rank < size(); rank++) {
      sent.push_back(owned(rank, flat.numel()).size());
      received.push_back(own.size());
    }
    Tensor parts = Tensors.empty(ScalarType.Float, own.size() * size());
    group.alltoall_base(parts, flat, received, sent, new AllToAllOptions())._wait();
    return parts;
  }

  @Override
  public void share(Tensor flat) {
    talk(
        () -> {
          List<Work> pending = new ArrayList<>();
          for (int rank = 0; rank < size(); rank++) {
            Range range = owned(rank, flat.numel());
            BroadcastOptions options = new BroadcastOptions();
            options.rootRank(rank);
            options.rootTensor(0);
            TensorVector part = new TensorVector(flat.narrow(0, range.from(), range.size()));
            pending.add(group.broadcast(part, options));
          }
          pending.forEach(Work::_wait);
          return flat;
        });
  }

  @Override
  public void collect(Parameters part, @Nullable Parameters whole) {
    talk(
        () -> {
          if (whole == null) {
            send(part);
          } else {
            for (int rank = 0; rank < size(); rank++) {
              receive(whole.view(owned(rank, whole.layout().size())), rank, part);
            }
          }
          return part;
        });
  }

  private void send(Parameters part) {
    if (part.range().size() > 0) {
      group.send(new TensorVector(part.flat()), 0, TAG)._wait();
    }
  }

  private void receive(Tensor place, int rank, Parameters part) {
    if (rank == rank()) {
      place.copy_(part.flat());
    } else if (place.numel() > 0) {
      Tensor landing = Tensors.landing(place);
      group.recv(new TensorVector(landing), rank, TAG)._wait();
      place.copy_(landing);
    }
  }

  /** Frees what the talk needed; c10d tells of lost peers by exceptions of its own. */
  private <T> T talk(Supplier<T> talk) {
    try (PointerScope _ = new PointerScope()) {
      return talk.get();
    } catch (RuntimeException e) {
      throw new RankLostException(rank(), size(), e);
    }
  }

  @Override
  public void close() {
    Backends.close(group);
    store.close();
  }
}
