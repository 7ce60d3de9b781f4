import I18nProvider, { type I18nProviderProps } from "@cloudscape-design/components/i18n";
import { lazy, Suspense, useEffect, useState } from "react";
import { Route, Routes } from "react-router";
import { Boundary } from "./boundary";
import { FlashProvider } from "./flash";
import { speak } from "./i18n";
import { type Settings, useSettings } from "./settings";
import { show } from "./theme";
import { Waiting } from "./waiting";

const SignIn = lazy(() => import("./pages/sign-in"));
const SignedIn = lazy(() => import("./signed-in"));

type Messages = ReadonlyArray<I18nProviderProps.Messages>;

/** Cloudscape's own texts, in the language that is shown. */
function useMessages(language: Settings["language"]): Messages {
  const [messages, setMessages] = useState<Messages>([]);
  useEffect(() => {
    let wanted = true;
    const load =
      language === "zh-CN"
        ? import("@cloudscape-design/components/i18n/messages/all.zh-CN")
        : import("@cloudscape-design/components/i18n/messages/all.en");
    void load.then((loaded) => wanted && setMessages([loaded.default]));
    return () => {
      wanted = false;
    };
  }, [language]);
  return messages;
}

export function App() {
  const settings = useSettings();
  const messages = useMessages(settings.language);
  useEffect(() => {
    show(settings);
    void speak(settings.language);
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const follow = () => show(settings);
    system.addEventListener("change", follow);
    return () => system.removeEventListener("change", follow);
  }, [settings]);
  return (
    <I18nProvider locale={settings.language} messages={messages}>
      <FlashProvider>
        <Boundary place="all">
          <Suspense fallback={<Waiting />}>
            <Routes>
              <Route path="/sign-in" element={<SignIn />} />
              <Route path="*" element={<SignedIn />} />
            </Routes>
          </Suspense>
        </Boundary>
      </FlashProvider>
    </I18nProvider>
  );
}
