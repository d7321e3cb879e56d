package io.memfuse.core.testing;

/**
 * How much a proof tries: a share of it in each build; with {@code -Pcampaign} much more, or {@code -Dcampaign.percent} of
 * that.
 */
public final class Campaign {

    private static final boolean ON = Boolean.getBoolean("memfuse.campaign");
    private static final int PERCENT = Integer.getInteger("memfuse.campaign.percent", 100);

    private Campaign() {}

    /** Tells whether this is more than a share. */
    public static boolean isOn() {
        return ON;
    }

    /** Returns how many scenarios are tried: the share, or so many per cent of the campaign's as were asked for. */
    public static int iterations(int share, int campaign) {
        return ON ? Math.max(share, campaign * PERCENT / 100) : share;
    }

    /** Returns in how many ways each scenario is played. */
    public static int invocations(int share, int campaign) {
        return ON ? campaign : share;
    }
}
