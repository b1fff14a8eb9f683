package sandglass.experiment.read;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sandglass.scenario.Function;
import sandglass.scenario.ModeSwitch;
import sandglass.scenario.Op;
import sandglass.scenario.Work;
import sandglass.unit.Distribution;

/** Reads functions and their work. */
final class FunctionReader {

    private static final Pattern PAGES = Pattern.compile("([0-9]+)( pages?)?");

    private static final Variants<Op> OP = new Variants<Op>()
            .only("compute", n -> n.make(DistributionReader::durationNs, Op.Compute::new))
            .only("wait", n -> n.make(DistributionReader::durationNs, Op.Wait::new))
            .only("touch", n -> n.make(FunctionReader::pages, Op.Touch::new))
            .only("get", n -> transfer(n, "get", Op.Get::new))
            .only("post", n -> transfer(n, "post", Op.Post::new))
            .only("switch", n -> n.record(FunctionReader::modeSwitch));

    /** Makes a transfer op from its size in bytes and the name of its path. */
    private interface Transfer {
        Op of(long bytes, String path);
    }

    private FunctionReader() {}

    static Function function(Node node) {
        return node.record(f -> {
            String name = f.required("name", Node::text);
            String app = f.optional("app", Node::text, name);
            String runtime = f.optional("runtime", Node::text, "python");
            Optional<Function.Program> program = ProgramReader.read(f);
            List<Op> work = f.has("file") || f.has("source") ? f.whole("work", n -> n.list(OP::read), List.of())
                    : f.requiredWhole("work", n -> n.list(OP::read));
            Distribution coldService = f.optional("cold-service", DistributionReader::durationNs, null);
            long memoryBytes = f.optional("memory", Node::sizeBytes, 0L);
            long residentBytes = f.optional("resident", Node::sizeBytes, 0L);
            long codeBytes = f.optional("code", Node::sizeBytes, 0L);
            int modules = f.optional("modules", n -> n.count(0), program.map(p -> p.imports().size()).orElse(0));
            return () -> new Function(name, app, runtime, new Work(work), Optional.ofNullable(coldService), memoryBytes, residentBytes, codeBytes,
                    modules, program);
        });
    }

    private static long pages(Node node) {
        String text = node.text();
        Matcher match = PAGES.matcher(text == null ? "" : text);
        if (text != null && !match.matches()) {
            node.problem("'" + text + "' is not a number of pages such as 128");
        }
        return match.matches() ? Long.parseLong(match.group(1)) : 0;
    }

    private static Op transfer(Node node, String defaultPath, Transfer make) {
        if (!node.isMapping()) {
            return node.make(Node::sizeBytes, bytes -> make.of(bytes, defaultPath));
        }
        return node.record(f -> {
            Long bytes = f.required("bytes", Node::sizeBytes);
            String path = f.optional("path", Node::text, defaultPath);
            return () -> make.of(bytes, path);
        });
    }

    private static Supplier<Op> modeSwitch(Fields f) {
        ModeSwitch kind = f.required("kind", n -> n.choice(ModeSwitch.class));
        long times = f.optional("times", n -> n.whole(0, Long.MAX_VALUE), 1L);
        return () -> new Op.Switch(kind, times);
    }
}
