package org.onset.corpus.pipeline;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.onset.BadInput;

/** Opens Spark, in this process or on a cluster. */
final class Cluster {
  /** What Spark needs to reach inside the JDK. */
  private static final String[] OPENED = {
    "java.base/java.lang",
    "java.base/java.lang.invoke",
    "java.base/java.nio",
    "java.base/java.util",
    "java.base/sun.nio.ch",
    "java.base/sun.util.calendar"
  };

  /** Libraries that workers have from Spark, or have no use for. */
  private static final List<String> NOT_FOR_WORKERS =
      List.of("spark-", "hadoop-", "scala-", "pytorch-", "openblas-", "javacpp-");

  private Cluster() {}

  /** What Hadoop is told of file systems, just as Spark will tell it. */
  static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf(true));
  }

  /**
   * Opens a context.
   *
   * @param master {@code local[N]}, {@code local[*]}, or a cluster's address
   */
  static JavaSparkContext open(String master, String name, Path scratch) {
    SparkConf settings = new SparkConf(true).setMaster(master).setAppName("onset " + name);
    settings.setIfMissing("spark.ui.enabled", "false");
    if (master.startsWith("local") || master.contains("//127.0.0.1")) {
      settings.setIfMissing("spark.driver.host", "127.0.0.1");
      settings.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    if (master.startsWith("local")) {
      settings.setIfMissing("spark.local.dir", scratch.toString());
    } else {
      settings.setJars(jarsForWorkers());
      settings.setIfMissing("spark.executor.extraJavaOptions", executorOptions());
    }
    try {
      return new JavaSparkContext(settings);
    } catch (Exception e) {
      if (e instanceof SparkException) {
        throw new BadInput(
            "--master: Spark can't start on '%s' (%s); use local[2], or a cluster's address such as"
                    .formatted(master, e.getMessage())
                + " spark://host:7077");
      }
      throw e;
    }
  }

  /** What workers of a cluster need beside Spark's own. */
  private static String[] jarsForWorkers() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .filter(jar -> NOT_FOR_WORKERS.stream().noneMatch(jar.getFileName().toString()::startsWith))
        .map(Path::toString)
        .toArray(String[]::new);
  }

  private static String executorOptions() {
    StringBuilder options =
        new StringBuilder(
            "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                + " --sun-misc-unsafe-memory-access=allow");
    for (String opened : OPENED) {
      options.append(" --add-opens=").append(opened).append("=ALL-UNNAMED");
    }
    return options.toString();
  }
}
