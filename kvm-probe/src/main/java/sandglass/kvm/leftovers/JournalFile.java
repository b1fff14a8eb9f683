package sandglass.kvm.leftovers;

import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The text of a journal. The first line names format, tag, boot and the process that writes
 * it, by number and start; then a line each time something is about to be made
 * ({@code + number KIND name detail...}), is better known ({@code ~ number detail...}) or is gone ({@code - number}), with tabs
 * between and each field URL-encoded. A line without its end was being written when the process was killed: what it announces
 * was not made.
 *
 * @param tag     that is part of each name the journal gave
 * @param owner   who writes it: number and start of the process, and its table of numbers; empty in a file that does not say
 * @param boot    the kernel's identifier of the time between two starts of the host
 * @param open    what has not been said to be gone, oldest first
 * @param unread  lines that mean nothing to this program
 */
record JournalFile(String tag, String boot, List<String> owner, List<Leftover> open, List<String> unread) {

    static final String SUFFIX = ".journal";
    private static final int TAG_AND_BOOT = 3;
    private static final int OWNER = 3;
    private static final String FORMAT = "sandglass-journal-1";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    static String header(String tag) throws IOException {
        long pid = ProcessHandle.current().pid();
        return line(FORMAT, tag, currentBoot(), Long.toString(pid), Long.toString(Processes.startTicks(pid)), Processes.table());
    }

    static String currentBoot() throws IOException {
        return Files.readString(BOOT).strip();
    }

    static String line(String... fields) {
        return String.join("\t", Arrays.stream(fields).map(field -> URLEncoder.encode(field, StandardCharsets.UTF_8)).toList())
                + "\n";
    }

    /** Reads a journal; one without a whole first line has nothing in it. */
    static JournalFile read(Path file) throws IOException {
        String text = Files.readString(file);
        String[] lines = text.substring(0, text.lastIndexOf('\n') + 1).split("\n");
        List<String> unread = new ArrayList<>();
        Map<Integer, Leftover> open = new TreeMap<>();
        List<String> first = fields(lines[0]);
        boolean known = first.size() >= TAG_AND_BOOT && first.get(0).equals(FORMAT);
        if (!known && text.contains("\n")) {
            unread.addAll(List.of(lines));
        }
        for (int i = 1; known && i < lines.length; i++) {
            if (!apply(fields(lines[i]), open)) {
                unread.add(lines[i]);
            }
        }
        return new JournalFile(known ? first.get(1) : "", known ? first.get(2) : "",
                known ? first.subList(TAG_AND_BOOT, first.size()) : List.of(), List.copyOf(open.values()), unread);
    }

    /** Whether it is certain that the process which writes this has ended. */
    boolean ownerHasEnded() throws IOException {
        return owner.size() == OWNER && (!boot.equals(currentBoot()) || owner.get(2).equals(Processes.table())
                && !Processes.isAlive(Long.parseLong(owner.get(0)), Long.parseLong(owner.get(1))));
    }

    private static boolean apply(List<String> fields, Map<Integer, Leftover> open) {
        try {
            int number = Integer.parseInt(fields.get(1));
            switch (fields.get(0)) {
                case "+" -> open.put(number, new Leftover(Kind.valueOf(fields.get(2)), fields.get(3), fields.subList(4, fields.size())));
                case "~" -> open.computeIfPresent(number, (n, known) -> new Leftover(known.kind(), known.name(),
                        fields.subList(2, fields.size())));
                case "-" -> open.remove(number);
                default -> {
                    return false;
                }
            }
            return true;
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return false;
        }
    }

    private static List<String> fields(String line) {
        try {
            return Arrays.stream(line.split("\t")).map(field -> URLDecoder.decode(field, StandardCharsets.UTF_8)).toList();
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }
}
