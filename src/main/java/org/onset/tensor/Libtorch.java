package org.onset.tensor;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.global.torch;

/**
 * The native library: its settings, its version, and how many threads compute.
 *
 * <p>Two settings must precede the loading of any of its parts, so every class of this package that
 * touches it calls {@link #load} in its static initialiser: waiting OpenMP threads sleep instead of
 * spinning against those of OpenBLAS, and glibc keeps the pages it has (a fresh tensor would
 * otherwise be mapped, zeroed and unmapped each time).
 */
public final class Libtorch {
  private static final int M_TRIM_THRESHOLD = -1;
  private static final int M_TOP_PAD = -2;
  private static final int M_MMAP_THRESHOLD = -3;

  /** The largest that glibc accepts: half of one of its heaps. */
  private static final int LARGEST_MMAP_THRESHOLD = 32 << 20;

  /** Among the flags of x86 processors, or the features of ARM's. */
  private static final Pattern BFLOAT16_PRODUCTS =
      Pattern.compile(
          "^(flags|Features)\\s*:.*\\b(avx512_bf16|amx_bf16|bf16)\\b", Pattern.MULTILINE);

  static {
    setEnvironment("OMP_WAIT_POLICY", "passive");
    setAllocator(M_MMAP_THRESHOLD, LARGEST_MMAP_THRESHOLD);
    setAllocator(M_TRIM_THRESHOLD, Integer.MAX_VALUE);
    setAllocator(M_TOP_PAD, 64 << 20);
    Loader.load(openblas.class);
    Loader.load(torch.class);
    openblas.blas_set_num_threads(torch.get_num_threads());
  }

  /** The number that a thread begins with: the last that any thread chose. */
  private static volatile int latestChoice = torch.get_num_threads();

  /**
   * libtorch's own notion of that lets a thread that first asks while another computes {@link
   * #alone} begin with one.
   */
  private static final ThreadLocal<Integer> THREADS =
      ThreadLocal.withInitial(
          () -> {
            int threads = latestChoice;
            torch.get_num_threads();
            torch.set_num_threads(threads);
            return threads;
          });

  private Libtorch() {}

  /** Makes the library ready; further calls do nothing. */
  static void load() {
    // The static initialiser above has done it.
  }

  /**
   * Lets the operations that this Java thread starts compute on {@code threads} threads. Matrix
   * products are OpenBLAS's, which knows one number for the whole process: workers side by side
   * must ask for the same number.
   */
  public static void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be above 0, was " + threads);
    }
    // A thread's first question sets its number to the last that any thread chose: ask it before.
    torch.get_num_threads();
    torch.set_num_threads(threads);
    openblas.blas_set_num_threads(threads);
    latestChoice = threads;
    THREADS.set(threads);
  }

  /** The number of threads that this Java thread's operations compute on. */
  public static int threads() {
    return THREADS.get();
  }

  /**
   * Lets {@code operations} compute on this thread alone, whatever the number of its threads; not
   * OpenBLAS's, which are float32's products.
   */
  static void alone(Runnable operations) {
    int threads = threads();
    if (threads == 1) {
      operations.run();
      return;
    }
    torch.set_num_threads(1);
    try {
      operations.run();
    } finally {
      torch.set_num_threads(threads);
    }
  }

  /**
   * The processor's instructions as libtorch names them, and the floats of our vectors, such as
   * {@code AVX512, 16 lanes}. They decide how sums are cut; processors of one answer may still give
   * other last bits, where a library knows instructions beyond these.
   */
  public static String instructions() {
    try (BytePointer name = torch.get_cpu_capability()) {
      return "%s, %d lanes".formatted(name.getString(), Lanes.LANES);
    }
  }

  /** The version of the library and its binding, such as {@code 2.10.0-1.5.13}. */
  public static String version() {
    String resource = "/META-INF/maven/org.bytedeco/pytorch/pom.properties";
    try (InputStream in = torch.class.getResourceAsStream(resource)) {
      Properties properties = new Properties();
      properties.load(requireNonNull(in, resource));
      return requireNonNull(properties.getProperty("version"), resource);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether this processor multiplies bfloat16 by itself, so that it is the faster dtype. Linux
   * says; elsewhere nobody is asked, and the answer is no.
   */
  public static boolean multipliesBfloat16() {
    Path processors = Path.of("/proc/cpuinfo");
    try {
      return Files.exists(processors)
          && BFLOAT16_PRODUCTS.matcher(Files.readString(processors)).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void setEnvironment(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      int status =
          (int)
              function(
                      "setenv",
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_INT))
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (status != 0) {
        throw new IllegalStateException("setenv refused " + name);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv could not be called", e);
    }
  }

  /** Sets one of glibc's malloc parameters; other C libraries have no such function. */
  private static void setAllocator(int parameter, int value) {
    if (Linker.nativeLinker().defaultLookup().find("mallopt").isEmpty()) {
      return;
    }
    try {
      int accepted =
          (int)
              function(
                      "mallopt",
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                  .invokeExact(parameter, value);
      if (accepted != 1) {
        throw new IllegalStateException("mallopt refused parameter " + parameter);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("mallopt could not be called", e);
    }
  }

  @SuppressWarnings("restricted") // Two functions of the C library, with their exact signatures.
  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    MemorySegment address = linker.defaultLookup().findOrThrow(name);
    return linker.downcallHandle(address, descriptor);
  }
}
