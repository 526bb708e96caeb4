package io.sotto.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import org.apache.hadoop.hdfs.server.namenode.SafeModeException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

class IoFailureTest {
  @Test
  void whateverWrapsItOneLineSaysWhatFailedAndWhatToDo() {
    assertThat(message(new IOException(full())))
        .isEqualTo(
            "A file could not be read or written: No space left on device. Make room there, or"
                + " choose another place.");
    assertThat(message(new UncheckedIOException(new ConnectException("refused\n\tat x"))))
        .contains("refused. Check the address")
        .doesNotContain("\n", "\t");
    assertThat(message(new AccessControlException("Permission denied: user=x")))
        .contains("user=x. Get the right");
    assertThat(message(new RuntimeException(new IOException()))).contains("IOException");
    assertThat(message(IoFailure.at("output.path is 'x'", full())))
        .isEqualTo(
            "output.path is 'x': No space left on device. Make room there, or choose another"
                + " place.");
    assertThat(
            message(
                new RemoteException(
                    "java.io.IOException",
                    "File /x could only be written to 0 of the 1 minReplication nodes. There are 2"
                        + " datanode(s) running and 2 node(s) are excluded in this operation.")))
        .endsWith(
            "operation. Look whether HDFS has DataNodes that run and have room, or choose"
                + " another place.");
    assertThat(message(new AccessDeniedException("/x")))
        .contains("Permission denied: /x. Get the right");
    assertThat(IoFailure.message(new IllegalStateException("a bug"))).isNull();
  }

  @Test
  void safeModeIsRecognisedHoweverItIsWrapped() {
    String safe = "org.apache.hadoop.hdfs.server.namenode.SafeModeException";
    for (IOException e :
        List.of(
            new RemoteException(safe, "Cannot create file/x. Name node is in safe mode.\nMore"),
            new RemoteException(
                "org.apache.hadoop.ipc.RetriableException", safe + ": Cannot create file/x"),
            new SafeModeException("Cannot create file/x"))) {
      assertThat(message(new IOException(e)))
          .contains("Cannot create file/x", "output.wait")
          .doesNotContain("More", safe);
    }
    assertThat(SafeMode.isCauseOf(full())).isFalse();
  }

  private static Throwable full() {
    return new IOException("No space left on device");
  }

  private static String message(Throwable e) {
    return String.valueOf(IoFailure.message(e));
  }

  @Test
  void whatIsWrongWithAnInputIsToldFromWhatIsWrongAroundIt() throws IOException {
    BadInputException own = new BadInputException("mine");
    assertThat(IoFailure.input("x", new UncheckedIOException(new IOException(own)))).isSameAs(own);
    assertThat(IoFailure.input("x", new FileNotFoundException("/y (Permission denied)")))
        .hasMessage("x: /y (Permission denied). Get the right to use it, or choose another place.");
    assertThatThrownBy(() -> IoFailure.input("x", new ConnectException("refused")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused");
  }
}
