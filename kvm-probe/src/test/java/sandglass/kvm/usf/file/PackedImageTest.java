package sandglass.kvm.usf.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Oracle: the image that was packed. */
class PackedImageTest {

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 7 + count);
        }
        return bytes;
    }

    private static PythonImage image() {
        return new PythonImage(new FileImage.Builder().file("/usr/bin/python3.11", bytes(100_001), 12, true).file("/lib/empty", bytes(0), 3, false)
                .file("/lib/ü", "text".getBytes(StandardCharsets.UTF_8), -5, false).link("/lib64", "/lib").build(), "/usr/bin/python3.11");
    }

    @Test
    void whatIsOpenedEqualsWhatWasPacked() {
        PythonImage original = image();
        try (PackedImage packed = PackedImage.of(original)) {
            PythonImage opened = PackedImage.open(packed.path());
            assertThat(opened.interpreterPath()).isEqualTo(original.interpreterPath());
            assertThat(opened.files().links()).isEqualTo(original.files().links());
            assertThat(opened.files().files().keySet()).isEqualTo(original.files().files().keySet());
            original.files().files().forEach((path, file) -> {
                Node.DataFile other = opened.files().files().get(path);
                assertThat(other.contents()).isEqualTo(file.contents());
                assertThat(other.modifiedSeconds()).isEqualTo(file.modifiedSeconds());
                assertThat(other.isExecutable()).isEqualTo(file.isExecutable());
            });
            assertThat(opened.files().find("/lib64/empty")).isInstanceOf(Node.RegularFile.class);
        }
    }

    @Test
    void nobodyCanChangeIt() {
        try (PackedImage packed = PackedImage.of(image())) {
            assertThatThrownBy(() -> {
                try (FileOutputStream out = new FileOutputStream(packed.path().toFile())) {
                    out.write(1);
                }
            }).isInstanceOf(IOException.class);
        }
    }

    @Test
    void oneThatIsGoneIsSaid() {
        Path path;
        try (PackedImage packed = PackedImage.of(image())) {
            path = packed.path();
        }
        assertThatThrownBy(() -> PackedImage.open(path)).hasMessageContaining(path.toString());
    }
}
