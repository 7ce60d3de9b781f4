import { generateThemeStylesheet } from "@cloudscape-design/components/theming";

const ACCENT = { light: "#0f766e", dark: "#5eead4" };
const ACCENT_STRONG = { light: "#115e59", dark: "#99f6e4" };
const ON_ACCENT = { light: "#ffffff", dark: "#042f2e" };
const ACCENT_SOFT = { light: "#ecfdf9", dark: "#10302d" };

/** Atelier's own character: accent, type and corners, as the sheet that the build makes of them. */
export function character(): string {
  return generateThemeStylesheet({
    theme: {
      tokens: {
        fontFamilyBase:
          "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans SC', 'Noto Sans CJK SC', sans-serif",
        borderRadiusButton: "8px",
        borderRadiusContainer: "12px",
        borderRadiusInput: "8px",
        borderRadiusFlashbar: "8px",
        borderRadiusAlert: "8px",
        colorBackgroundButtonPrimaryDefault: ACCENT,
        colorBackgroundButtonPrimaryHover: ACCENT_STRONG,
        colorBackgroundButtonPrimaryActive: ACCENT_STRONG,
        colorTextButtonNormalDefault: ACCENT,
        colorTextButtonNormalHover: ACCENT_STRONG,
        colorTextButtonNormalActive: ACCENT_STRONG,
        colorBorderButtonNormalDefault: ACCENT,
        colorBorderButtonNormalHover: ACCENT_STRONG,
        colorBorderButtonNormalActive: ACCENT_STRONG,
        colorBackgroundButtonNormalHover: ACCENT_SOFT,
        colorBackgroundButtonNormalActive: ACCENT_SOFT,
        colorTextLinkDefault: ACCENT,
        colorTextLinkHover: ACCENT_STRONG,
        colorTextAccent: ACCENT,
        colorBorderItemFocused: ACCENT,
        colorBorderItemSelected: ACCENT,
        colorBackgroundItemSelected: ACCENT_SOFT,
        colorBackgroundControlChecked: ACCENT,
        colorTextLayoutToggleHover: ACCENT,
        colorBackgroundLayoutToggleSelectedDefault: ACCENT,
        colorBackgroundLayoutToggleSelectedHover: ACCENT_STRONG,
        colorBackgroundLayoutToggleSelectedActive: ACCENT_STRONG,
        colorTextLayoutToggleSelected: ON_ACCENT,
        colorBackgroundSegmentActive: ACCENT,
        colorBorderSegmentActive: ACCENT,
        colorBorderSegmentHover: ACCENT,
        colorTextSegmentHover: ACCENT_STRONG,
        colorTextSegmentActive: ON_ACCENT,
        colorBackgroundProgressBarValueDefault: ACCENT,
      },
    },
  });
}
