package io.sotto.problem;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/** What arrays take on the heap of this JVM. */
public final class HeapArrays {
  private static final String COLLECTOR = "UseG1GC";
  private static final String REGION = "G1HeapRegionSize";

  /** The bytes of a region; 0 if the collector has none. */
  private static final long REGION_BYTES = regionBytes();

  private HeapArrays() {}

  /**
   * The bytes that arrays take together. The collector G1 gives an array that is longer than half a
   * region whole regions of its own.
   *
   * @param count how many arrays
   * @param bytes of all of them; each has as many
   */
  public static long bytes(long count, long bytes) {
    return bytes(count, bytes, REGION_BYTES);
  }

  /** The same with regions of a size. */
  static long bytes(long count, long bytes, long region) {
    long each = bytes / Math.max(1, count);
    if (region == 0 || 2 * each <= region) {
      return bytes;
    }
    return count * region * ((each + region - 1) / region);
  }

  private static long regionBytes() {
    HotSpotDiagnosticMXBean options =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    boolean regions = Boolean.parseBoolean(options.getVMOption(COLLECTOR).getValue());
    return regions ? Long.parseLong(options.getVMOption(REGION).getValue()) : 0;
  }
}
