package sandglass.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * One colour a stack in every figure, from Okabe and Ito's palette (Color Universal Design, 2008), which people with colour vision
 * deficiencies can tell apart. A variant of a listed stack ({@code usetl-restore}) has a lighter or darker shade of its colour; any other
 * stack gets a colour from its name, the same in every figure.
 */
final class Palette {

    static final Color INK = new Color(0x22, 0x22, 0x22);
    static final Color GREY = new Color(0x66, 0x66, 0x66);
    static final Color LINE = new Color(0x99, 0x99, 0x99);
    static final Color GRID = new Color(0xE4, 0xE4, 0xE4);
    static final Color PAPER = Color.WHITE;

    private static final Color ORANGE = new Color(0xE69F00);
    private static final Color SKY = new Color(0x56B4E9);
    private static final Color GREEN = new Color(0x009E73);
    private static final Color BLUE = new Color(0x0072B2);
    private static final Color VERMILLION = new Color(0xD55E00);
    private static final Color PURPLE = new Color(0xCC79A7);
    private static final Color BLACK = new Color(0x333333);
    /** Not of the palette: its yellow is too faint for lines on white. */
    private static final Color OLIVE = new Color(0x8F8B21);

    private static final List<Color> ORDERED = List.of(BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, BLACK, OLIVE);
    private static final Map<String, Color> STACKS = Map.ofEntries(Map.entry("process", new Color(0x888888)), Map.entry("container", ORANGE),
            Map.entry("container-docker", new Color(0x8A5F00)), Map.entry("container-lean", new Color(0xF5CF7A)),
            Map.entry("container-in-vm", BLACK), Map.entry("gvisor", OLIVE), Map.entry("vm", VERMILLION), Map.entry("microvm", BLUE),
            Map.entry("microvm-snapshot", SKY), Map.entry("unikernel", PURPLE), Map.entry("usetl", GREEN),
            Map.entry("usetl-boot", new Color(0x3F6212)), Map.entry("usetl-restore", new Color(0x74CDB3)),
            Map.entry("usetl-recreate", new Color(0x005E45)));
    /** Phases in the order of the enumeration: cold colours for making, warm ones for using. */
    private static final List<Color> PHASES = List.of(BLUE, SKY, GREEN, ORANGE, new Color(0xBBBBBB), PURPLE, BLACK);

    private Palette() {}

    static Color stack(String name) {
        if (STACKS.containsKey(name)) {
            return STACKS.get(name);
        }
        return STACKS.keySet().stream().filter(known -> name.startsWith(known + "-")).max(Comparator.comparingInt(String::length))
                .map(known -> name.hashCode() % 2 == 0 ? tint(STACKS.get(known), 0.45) : shade(STACKS.get(known)))
                .orElse(ORDERED.get(Math.floorMod(name.hashCode(), ORDERED.size())));
    }

    static Color ordered(int index) {
        return ORDERED.get(index % ORDERED.size());
    }

    static Color phase(int ordinal) {
        return PHASES.get(ordinal);
    }

    /** The same hue mixed with white; 0 leaves it, 1 is white. */
    static Color tint(Color color, double white) {
        return new Color(mix(color.getRed(), white), mix(color.getGreen(), white), mix(color.getBlue(), white));
    }

    private static Color shade(Color color) {
        return new Color(color.getRed() * 6 / 10, color.getGreen() * 6 / 10, color.getBlue() * 6 / 10);
    }

    private static int mix(int channel, double white) {
        return (int) Math.round(channel + (255 - channel) * white);
    }

    /** Lighter shades that tell bars of one colour apart. */
    static Color variant(Color color, int variant) {
        double[] tints = {0, 0.4, 0.65, 0.82};
        return tint(color, tints[Math.min(variant, tints.length - 1)]);
    }

    /** Line styles that tell groups of one colour apart. */
    static BasicStroke stroke(int variant) {
        float[][] dashes = {null, {7, 4}, {2, 3}, {9, 3, 2, 3}};
        return new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, dashes[variant % dashes.length], 0f);
    }
}
