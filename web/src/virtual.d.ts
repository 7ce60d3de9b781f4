declare module "virtual:character.css";
