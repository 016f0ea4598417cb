package org.onset.study;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Builds what the store lacks of a graph: independent nodes side by side, each on its own worker.
 */
final class Runner {
  private final ArtifactStore store;
  private final Progress progress;
  private final int workers;
  private final int threadsPerNode;

  Runner(ArtifactStore store, Progress progress, int workers, int threadsPerNode) {
    this.store = store;
    this.progress = progress;
    this.workers = workers;
    this.threadsPerNode = threadsPerNode;
  }

  /**
   * The nodes that must be built so that every target is there: what is in the store needs nothing
   * below it.
   */
  Set<Node> missing(Collection<Node> targets) {
    Set<Node> missing = new LinkedHashSet<>();
    for (Node target : targets) {
      collect(target, missing);
    }
    return missing;
  }

  private void collect(Node node, Set<Node> missing) {
    if (missing.contains(node) || store.has(node.artifact())) {
      return;
    }
    node.inputs().forEach(input -> collect(input, missing));
    missing.add(node);
  }

  /**
   * Builds the targets; on the first failure starts nothing new, lets the others checkpoint, and
   * throws it.
   */
  void build(Collection<Node> targets) throws IOException, InterruptedException {
    Set<Node> missing = missing(targets);
    if (missing.isEmpty()) {
      return;
    }
    missing.forEach(node -> progress.expect(node.stage(), node.work()));
    Map<Node, Integer> waitsFor = new HashMap<>();
    Map<Node, List<Node>> dependents = new HashMap<>();
    List<Node> order = new ArrayList<>(missing);
    PriorityQueue<Node> ready = new PriorityQueue<>(byUrgency(order));
    for (Node node : order) {
      List<Node> inputs = node.inputs().stream().distinct().filter(missing::contains).toList();
      waitsFor.put(node, inputs.size());
      inputs.forEach(input -> dependents.computeIfAbsent(input, _ -> new ArrayList<>()).add(node));
      if (inputs.isEmpty()) {
        ready.add(node);
      }
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(
            workers, Thread.ofPlatform().daemon().name("stage-", 0).factory());
    try {
      CompletionService<Node> completions = new ExecutorCompletionService<>(executor);
      int running = 0;
      while (running > 0 || !ready.isEmpty()) {
        while (running < workers && !ready.isEmpty()) {
          Node node = ready.poll();
          completions.submit(() -> build(node));
          running++;
        }
        Node finished = completions.take().get();
        running--;
        for (Node dependent : dependents.getOrDefault(finished, List.of())) {
          if (waitsFor.merge(dependent, -1, Integer::sum) == 0) {
            ready.add(dependent);
          }
        }
      }
    } catch (ExecutionException e) {
      throw asFailure(e);
    } finally {
      // Interrupted trainings write a checkpoint before they end; executor.close() waits for them.
      executor.shutdownNow();
      executor.close();
    }
  }

  /**
   * Long chains first: a node whose dependents train for long must not start last. Ties in graph
   * order, so that a run is repeatable.
   */
  private static Comparator<Node> byUrgency(List<Node> order) {
    Map<Node, Long> remaining = new HashMap<>();
    for (Node node : order.reversed()) {
      long own = remaining.merge(node, node.work(), Long::sum);
      for (Node input : node.inputs()) {
        remaining.merge(input, own, Math::max);
      }
    }
    Map<Node, Integer> position = new HashMap<>();
    order.forEach(node -> position.put(node, position.size()));
    return Comparator.<Node>comparingLong(node -> -remaining.getOrDefault(node, 0L))
        .thenComparingInt(node -> position.getOrDefault(node, 0));
  }

  private Node build(Node node) throws IOException, InterruptedException {
    org.onset.tensor.Libtorch.useThreads(threadsPerNode);
    Progress.Task task = progress.start(node);
    store.build(node.artifact(), (output, work) -> node.action().run(output, work, task));
    task.finish();
    return node;
  }

  private static IOException asFailure(ExecutionException e) throws InterruptedException {
    return switch (e.getCause()) {
      case ClosedByInterruptException _, FileLockInterruptionException _ ->
          throw new InterruptedException("interrupted while a file was open");
      case IOException failure -> failure;
      case InterruptedException interruption -> throw interruption;
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case null, default -> new IOException(e);
    };
  }
}
